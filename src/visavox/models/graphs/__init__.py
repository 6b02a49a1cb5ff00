"""The networks as ONNX graphs, made from their sizes alone: what ONNX Runtime needs to run a checkpoint without PyTorch."""
