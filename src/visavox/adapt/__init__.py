"""A model adapted to one person from a few minutes: what one does whatever one says, the lips, and the denoiser."""
