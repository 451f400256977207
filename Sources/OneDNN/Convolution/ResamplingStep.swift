import CConvolution
import NeuralNetworks

/// Images in blocks of channels made larger or smaller, each row by itself.
struct ResamplingStep: KernelStep {
    /// How one axis is resampled.
    struct Axis {
        let indices: [Int32]
        let weights: [Float]
        let taps: Int

        init(_ taps: Resize.Taps) {
            (indices, weights) = (taps.indices.map { Int32(clamping: $0) }, taps.weights)
            self.taps = taps.count
        }

        func withUnsafeAxis(_ body: (convolution_axis) -> Void) {
            indices.withUnsafeBufferPointer { indices in
                weights.withUnsafeBufferPointer { weights in
                    body(convolution_axis(indices: indices.baseAddress, weights: weights.baseAddress, taps: taps))
                }
            }
        }
    }

    let source, destination: ConvolutionOperands.Images
    let images: Int
    /// Of channels.
    let blocks: Int
    let rows, columns: Axis
    let threads: Int

    var locations: [Location] { [source.location, destination.location] }

    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let from = address(source.location), let to = address(destination.location) else { return }
        let (given, made) = (source.layout, destination.layout)
        let pixel = ConvolutionWeights.block * (given.is_bfloat16 ? DataType.bfloat16 : .float32).byteCount
        let (stride, size) = (pixel / ConvolutionWeights.block, images * blocks * made.height)
        rows.withUnsafeAxis { rows in
            columns.withUnsafeAxis { columns in
                Threads.perform(min(threads, size)) { thread, threads in
                    for index in size * thread / threads..<size * (thread + 1) / threads {
                        let (plane, row) = index.quotientAndRemainder(dividingBy: made.height)
                        let (image, block) = plane.quotientAndRemainder(dividingBy: blocks)
                        convolution_resample(
                            from + image * given.image_stride * stride + block * given.height * given.width * pixel,
                            given, rows, columns, row, made.width,
                            to + image * made.image_stride * stride
                                + (block * made.height + row) * made.width * pixel)
                    }
                }
            }
        }
    }
}

extension Lowering {
    /// An image of any extents made from one of others, by a kernel of our own.
    ///
    /// - Returns: false where there is none, or other axes change too.
    mutating func lowerWeightedResampling(
        _ node: FusionGraph.Node, _ operation: Resize, _ data: Shape, _ shape: Shape
    ) throws(EngineError) -> Bool {
        let known = node.inputs.map { name in
            name.flatMap { name in
                graph.types[name].map { KnownValue(type: $0, constant: graph.constants[name]) }
            }
        }
        guard InstructionSet.current.hasConvolutionKernels, data.rank == 4, let input = node.inputs[0],
            let output = node.outputs[0], let taps = try? operation.taps(for: known), taps.count == 4,
            let source = try read(
                input, as: MemoryDescriptor(data.dimensions, dataType, .channelBlocks(.sixteen)), imagewise: true)
        else { return false }
        let layout = try MemoryDescriptor(shape.dimensions, dataType, .channelBlocks(.sixteen))
        let written = try memory.destination(output, layout, imagewise: true)
        steps.append(
            .kernel(
                ResamplingStep(
                    source: source.images, destination: written.images, images: data[0],
                    blocks: ConvolutionWeights.blocks(data[1]), rows: ResamplingStep.Axis(taps[2]),
                    columns: ResamplingStep.Axis(taps[3]), threads: threads)))
        memory.place(output, written)
        describe(node, "weighted", operationCount: shape.elementCount * taps[2].count * taps[3].count)
        return true
    }
}
