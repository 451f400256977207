import NeuralNetworks

/// The implementation chosen for a node, and how its operands lie.
struct Candidate: ~Copyable {
    let descriptor: PrimitiveDescriptor
    /// The layouts of the whole batch that it reads and writes.
    let source: MemoryDescriptor
    let destination: MemoryDescriptor
    /// How often it runs: once for each image where it was made for one image.
    let repetitions: Int

    var isImagewise: Bool { repetitions > 1 }
}

extension Lowering {
    /// The implementation for a node that reads `source` and writes `output`.
    ///
    /// Where the batch that it reads or writes is not dense, that is one for a single image, if there is
    /// one that takes the layouts as they are; else one for the whole batch.
    ///
    /// - Parameters:
    ///   - make: the implementation for a number of images; nil where there is none.
    func candidate(
        from source: Operand, slice: Operand?,
        _ make: (_ images: Int, _ engine: borrowing Processor) throws(EngineError) -> PrimitiveDescriptor?
    ) throws(EngineError) -> Candidate? {
        let images = source.descriptor.dimensions[0]
        let isSplit = source.imageStride != nil || slice?.imageStride != nil
        if images > 1, isSplit, source.descriptor.isDensePerImage, let single = try make(1, engine) {
            let layout = try batchLayout(single.destination, images)
            if let layout, slice == nil || slice?.descriptor == layout, try single.source == source.descriptor.image() {
                return Candidate(
                    descriptor: single, source: source.descriptor, destination: layout, repetitions: images)
            }
        }
        guard let whole = try make(images, engine) else { return nil }
        let (from, to) = (whole.source, whole.destination)
        return Candidate(descriptor: whole, source: from, destination: to, repetitions: 1)
    }

    /// The layout of a batch each image of which lies as `image` says.
    private func batchLayout(
        _ image: MemoryDescriptor, _ images: Int
    ) throws(EngineError) -> MemoryDescriptor? {
        var extents = image.dimensions
        extents[0] = images
        var layouts: [MemoryDescriptor.Layout] = [.rowMajor]
        if 3...5 ~= extents.count { layouts.insert(.blocks, at: 0) }
        for layout in layouts {
            let batch = try MemoryDescriptor(extents, image.dataType, layout)
            if try batch.image() == image { return batch }
        }
        return nil
    }
}
