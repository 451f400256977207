import NeuralNetworks

/// Where and how a value of the graph lies when the network runs.
struct Placement {
    var shape: Shape
    /// The layout of the whole batch; nil for element types that primitives do not compute in, which are row-major.
    var descriptor: MemoryDescriptor?
    var location: Location
    /// Bytes from one image to the next, where something else lies between them: the value is a part of a
    /// concatenation of several images. Nil where the batch is dense.
    var imageStride: Int? = nil
}

extension MemoryDescriptor {
    /// The layout of one image of a batch that is dense for each image.
    func image() throws(EngineError) -> MemoryDescriptor {
        var extents = dimensions
        extents[0] = 1
        return try submemory(extents)
    }
}
