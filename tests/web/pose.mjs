// Poses a scene of three.js by examples/three_js/live.js: `node pose.mjs JSON` with channels, values, targets, and the rotations of the
// bones' parent and of the bones at rest; prints the weights, and how each bone turned from where it rests, about the axes of the scene.
import * as THREE from "three";
import { pose } from "../../examples/three_js/live.js";

const { channels, values, targets, parent, rest } = JSON.parse(process.argv[2]);
const scene = new THREE.Group(), neck = new THREE.Object3D();
const face = new THREE.Mesh();
face.morphTargetDictionary = Object.fromEntries(targets.map((name, index) => [name, index]));
face.morphTargetInfluences = targets.map(() => 0);
const nodes = ["Head", "LeftEye", "RightEye"].map((name) => Object.assign(new THREE.Object3D(), { name }));
neck.quaternion.fromArray(parent);
neck.add(...nodes);
scene.add(face, neck);
for (const node of nodes) node.quaternion.fromArray(rest);
const now = () => nodes.map((node) => node.getWorldQuaternion(new THREE.Quaternion()));
const before = now();
pose(scene, channels, values);
pose(scene, channels, values);  // from where it rests, not from where it is
const turns = now().map((turned, index) => turned.multiply(before[index].invert()).toArray());
console.log(JSON.stringify({ weights: face.morphTargetInfluences, turns: Object.fromEntries(nodes.map((n, i) => [n.name, turns[i]])) }));
