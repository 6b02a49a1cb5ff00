// Live channels on a face of Visavox: shapes by name, head and eyes as rotations. `visavox play voice.wav --to websocket` sends them.
//   import { follow } from "./live.js";
//   follow(face.scene, "ws://127.0.0.1:8765/");

const TURNS = { Down: 0.384, In: 0.489, Out: 0.489, Up: 0.314 };  // radians of an eye at weight 1

const rests = new WeakMap();  // of head and eyes: their own rotation, and that of all above them

// Moves `scene`, the loaded .glb, to one frame: `channels` are the names of `values`, in the same order.
export function pose(scene, channels, values) {
  const at = Object.fromEntries(channels.map((name, index) => [name, values[index]]));
  const weight = (name) => at[name] ?? 0;
  scene.traverse((node) => {
    for (const [name, target] of Object.entries(node.morphTargetDictionary ?? {}))
      if (name in at) node.morphTargetInfluences[target] = name === "mouthClose" ? Math.min(at[name], weight("jawOpen")) : at[name];
  });
  rest(scene);
  turn(scene, "Head", weight("headPitch"), weight("headYaw"), -weight("headRoll"));
  for (const [side, outwards] of [["Left", 1], ["Right", -1]]) {
    const way = (name) => TURNS[name] * weight(`eyeLook${name}${side}`);
    turn(scene, `${side}Eye`, way("Down") - way("Up"), outwards * (way("Out") - way("In")), 0);
  }
}

// Turns a bone from where it rests, about the axes of the face, whichever way the bone itself lies.
function turn(scene, name, x, y, z) {
  const node = scene.getObjectByName(name);
  if (!node) return;
  const { own, above } = rests.get(node), angles = node.rotation.clone().set(x, y, z, "YXZ");
  node.quaternion.copy(above.clone().invert().multiply(own.clone().setFromEuler(angles)).multiply(above).multiply(own));
}

// Remembers how head and eyes rest, all three before the first of them turns.
function rest(scene) {
  for (const node of ["Head", "LeftEye", "RightEye"].map((name) => scene.getObjectByName(name)))
    if (node && !rests.has(node)) {
      const above = node.quaternion.clone().identity();
      rests.set(node, { own: node.quaternion.clone(), above: node.parent?.getWorldQuaternion(above) ?? above });
    }
}

// Opens the address and poses the face at every frame that arrives; the socket, so that the page can close it.
export function follow(scene, address) {
  const socket = new WebSocket(address);
  let channels = [];
  socket.onmessage = ({ data }) => {
    const said = JSON.parse(data);
    if (said.type === "start") channels = said.channels;
    if (said.type === "frame") pose(scene, channels, said.values);
  };
  return socket;
}
