// Prints what Khronos' glTF validator says about each file, as one JSON object a line.
import fs from "node:fs";
import validator from "gltf-validator";

for (const path of process.argv.slice(2)) {
  const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(path)), { maxIssues: 100 });
  console.log(JSON.stringify(report.issues));
}
