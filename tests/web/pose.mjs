// Poses a scene of three.js by examples/three_js/live.js: `node pose.mjs JSON` with channels, values and targets; prints what moved.
import * as THREE from "three";
import { pose } from "../../examples/three_js/live.js";

const { channels, values, targets } = JSON.parse(process.argv[2]);
const scene = new THREE.Group();
const face = new THREE.Mesh();
face.morphTargetDictionary = Object.fromEntries(targets.map((name, index) => [name, index]));
face.morphTargetInfluences = targets.map(() => 0);
const nodes = ["Head", "LeftEye", "RightEye"].map((name) => Object.assign(new THREE.Object3D(), { name }));
scene.add(face, ...nodes);
pose(scene, channels, values);
console.log(JSON.stringify({ weights: face.morphTargetInfluences, turns: Object.fromEntries(nodes.map((n) => [n.name, n.quaternion.toArray()])) }));
