"""Diffusion: noise schedule, guidance and samplers as plain arithmetic on arrays. It knows no faces and no training
framework.
"""
