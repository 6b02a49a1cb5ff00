"""`FlameSkinning`: the vertices of a FLAME head in PyTorch, differentiable in all inputs, for losses; `FlameHead` has the mathematics."""

import torch
from torch import Tensor, nn

from visavox.rigs.heads.flame_head import JAW, ROOT, FlameHead


class FlameSkinning(nn.Module):
    """Vertices (..., V, 3) in metres from identity (..., 100), expression (..., 50) and the rotation vectors of jaw and head (..., 3).

    The head's arrays are buffers without gradient, which follow the module to a device and are not part of its state.
    """

    def __init__(self, head: FlameHead):
        super().__init__()
        shapes = {
            "template": head.template,
            "identity_shapes": head.identity_shapes.reshape(len(head.identity_shapes), -1),
            "expression_shapes": head.expression_shapes.reshape(len(head.expression_shapes), -1),
            "jaw_shapes": head.jaw_shapes.reshape(len(head.jaw_shapes), -1),
            "joints": head.joint_regressor[[ROOT, JAW]],
            "jaw_weight": head.skin_weights[:, JAW, None],
        }
        for name, array in shapes.items():
            self.register_buffer(name, torch.tensor(array, dtype=torch.float32), persistent=False)

    def forward(self, identity: Tensor, expression: Tensor, jaw: Tensor, head: Tensor | None = None) -> Tensor:
        """The vertices; `head` None leaves the head still (the paper's losses ignore its rotation)."""
        size = self.template.shape
        moved = self.template + (identity @ self.identity_shapes).unflatten(-1, size)
        moved = moved + (expression @ self.expression_shapes).unflatten(-1, size)
        root_joint, jaw_joint = (self.joints @ moved).unsqueeze(-2).unbind(-3)  # FLAME's joints follow the expression
        change = rotation(jaw) - torch.eye(3, dtype=jaw.dtype, device=jaw.device)
        moved = moved + (change.flatten(-2) @ self.jaw_shapes).unflatten(-1, size)
        moved = moved + self.jaw_weight * ((moved - jaw_joint) @ change.transpose(-1, -2))
        return moved if head is None else (moved - root_joint) @ rotation(head).transpose(-1, -2) + root_joint


def rotation(vector: Tensor) -> Tensor:
    """The rotation matrices (..., 3, 3) of rotation vectors (..., 3) in radians: the exponential of the cross product's matrix."""
    x, y, z = vector.unbind(-1)
    zero = torch.zeros_like(x)
    rows = [torch.stack(row, -1) for row in ((zero, -z, y), (z, zero, -x), (-y, x, zero))]
    return torch.linalg.matrix_exp(torch.stack(rows, -2))
