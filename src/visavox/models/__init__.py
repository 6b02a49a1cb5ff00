"""The networks: audio encoder, style encoder, denoiser, and the face model that holds them. The one room of floor 2 with PyTorch."""
