"""The two U-Nets, their bounding layers, the ONNX export and the contract inside a model file."""
