import CConvolution

/// A convolution of 3 x 3 on its way forwards, or back to the data, by Winograd's minimal filtering: each step transforms the
/// kernel anew, and then tiles.
///
/// Where a transformed kernel stays in a core's cache, each piece of the batch reads it for a few tiles at a time. A larger one
/// is read once: all tiles are transformed first, and then multiplied by all channels at one point after the other.
struct LearnedWinograd {
    private static let tile = WinogradTile.four
    /// The largest transformed kernel that each piece reads on its own.
    private static let cachedByteCount = 3 << 20

    private let problem: ConvolutionProblem
    /// Back to the data a gradient meets the kernel from its end, and channels change sides.
    private let isTurned: Bool
    /// In blocks.
    private let inputs, outputs: Int
    /// Of a piece of the batch.
    private let tiles: winograd_tiles
    private let groups: [OutputGroup]

    /// What is read and written.
    struct Places {
        let source: TrainingMemory.Buffer
        /// `[M, C, 3, 3]`, as the caller has them.
        let weights: TrainingMemory.Buffer
        /// Of all outputs.
        let bias: TrainingMemory.Buffer
        let result: TrainingMemory.Buffer
        /// What becomes of sums below 0, and of those above a limit.
        var ending: (slope: Float, upper: Float) = (1, .infinity)

        fileprivate func ending(_ memory: borrowing TrainingMemory) -> convolution_ending {
            convolution_ending(
                bias: memory.floats(bias), addend: nil, addend_stride: 0, slope: ending.slope, upper: ending.upper,
                function: convolution_function_none, factor: 1)
        }
    }

    /// Nil where the convolution is better computed directly.
    ///
    /// - Parameter problem: of a piece of the batch, on its way forwards.
    init?(_ problem: ConvolutionProblem, isTurned: Bool = false, pieces: Int) {
        guard WinogradRule.learns(problem, pieces: pieces) else { return nil }
        self.isTurned = isTurned
        self.problem = isTurned ? problem.turned : problem
        let inputs = ConvolutionWeights.blocks(self.problem.source[1])
        let outputs = ConvolutionWeights.blocks(self.problem.destination[1])
        (self.inputs, self.outputs) = (inputs, outputs)
        tiles = winograd_tiles(self.problem, Self.tile)
        groups = (0..<OutputGroup.count(outputs: outputs)).map {
            OutputGroup($0, points: Self.tile.points, inputs: inputs, outputs: outputs)
        }
    }

    private var block: Int { ConvolutionWeights.block }
    private var kernelCount: Int { Self.tile.points * inputs * outputs * block * block }

    func add(_ places: Places, to builder: inout TrainingBuilder) {
        if kernelCount * MemoryLayout<Float>.size <= Self.cachedByteCount {
            addByPieces(places, &builder)
        } else {
            addByPoints(places, &builder)
        }
    }

    /// Transforms a group's kernels.
    private func transformKernel(
        _ group: OutputGroup, _ weights: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>
    ) {
        // A channel that comes out forwards comes in on the way back.
        let (near, far) = (9, 9 * (isTurned ? outputs : inputs) * block)
        let kernel = winograd_kernel(
            elements: weights, output_stride: isTurned ? near : far, input_stride: isTurned ? far : near,
            turned: isTurned, inputs: inputs, outputs: outputs)
        winograd_transform_kernel(kernel, group.block, group.channels, result + group.weightsOffset)
    }

    private func addByPieces(_ places: Places, _ builder: inout TrainingBuilder) {
        let tile = Self.tile
        let plan = WinogradPlan(
            tile, tiles: tiles.count, inputs: inputs, outputs: outputs,
            weightByteCount: kernelCount * MemoryLayout<Float>.size, threads: 1)
        let (sourceImages, resultImages) = (convolution_images(problem.source), convolution_images(problem.destination))
        let kernel = builder.workspace(byteCount: kernelCount * MemoryLayout<Float>.size)
        let scratch = builder.buffer(byteCount: plan.scratchCount * MemoryLayout<Float>.size)
        builder.add(
            .parts([places.weights, kernel], count: groups.count) { [self] memory, part in
                transformKernel(groups[part], memory.floats(places.weights), memory.floats(kernel))
            })
        builder.add(
            .kernel([places.source, kernel, places.bias, scratch, places.result]) { [self] memory, piece in
                let transformed = memory.floats(scratch, piece: piece)
                let sums = transformed + plan.resultOffset
                for first in stride(from: 0, to: tiles.count, by: plan.tilesAtOnce) {
                    var own = tiles
                    own.first = first
                    own.count = min(plan.tilesAtOnce, tiles.count - first)
                    winograd_transform_source(
                        tile.raw, memory.floats(places.source, piece: piece), sourceImages, inputs, own, transformed,
                        own.count * block, plan.sourceStride)
                    for group in groups {
                        let weights = convolution_weights(
                            elements: memory.floats(kernel) + group.weightsOffset, are_bfloat16: false,
                            channels: group.channels)
                        winograd_multiply(
                            tile.points, transformed, plan.sourceStride, inputs, own.count * block, own.count, weights,
                            sums, plan.resultStride)
                        winograd_transform_result(
                            tile.raw, sums, plan.resultStride, group.channels, own, places.ending(memory),
                            memory.floats(places.result, piece: piece), resultImages, group.block)
                    }
                }
            })
    }

    private func addByPoints(_ places: Places, _ builder: inout TrainingBuilder) {
        let (tile, pieces) = (Self.tile, builder.pieces)
        let (sourceImages, resultImages) = (convolution_images(problem.source), convolution_images(problem.destination))
        let all = tiles.count * pieces
        // A line more than the elements: matrices a power of two apart would share their place in the cache.
        let sourceStride = (inputs * all + 1) * block
        let resultStride = (2 * all + 1) * block
        let (source, result) = (kernelCount, kernelCount + tile.points * sourceStride)
        let scratch = builder.workspace(
            byteCount: (result + groups.count * tile.points * resultStride) * MemoryLayout<Float>.size)
        builder.add(
            .parts([places.source, places.weights, scratch], count: pieces + groups.count) { [self] memory, part in
                let scratch = memory.floats(scratch)
                if part < pieces {
                    winograd_transform_source(
                        tile.raw, memory.floats(places.source, piece: part), sourceImages, inputs, tiles,
                        scratch + source + part * tiles.count * block, all * block, sourceStride)
                } else {
                    transformKernel(groups[part - pieces], memory.floats(places.weights), scratch)
                }
            })
        builder.add(
            .parts([scratch], count: tile.points) { [self] memory, point in
                let scratch = memory.floats(scratch)
                for (index, group) in groups.enumerated() {
                    let weights = convolution_weights(
                        elements: scratch + group.weightsOffset + point * inputs * block * group.channels,
                        are_bfloat16: false, channels: group.channels)
                    winograd_multiply(
                        1, scratch + source + point * sourceStride, sourceStride, inputs, all * block, all, weights,
                        scratch + result + (index * tile.points + point) * resultStride, resultStride)
                }
            })
        builder.add(
            .parts([scratch, places.bias, places.result], count: pieces) { [self] memory, piece in
                for (index, group) in groups.enumerated() {
                    let first = index * tile.points * resultStride + piece * tiles.count * group.channels
                    winograd_transform_result(
                        tile.raw, memory.floats(scratch) + result + first, resultStride, group.channels, tiles,
                        places.ending(memory), memory.floats(places.result, piece: piece), resultImages, group.block)
                }
            })
    }
}

extension Activation {
    /// As what follows a convolution in the same pass; nil where learning takes a pass of its own.
    var ending: (slope: Float, upper: Float)? {
        switch function {
        case .relu: (alpha, .infinity)
        case .clip where alpha == 0 && beta >= 0: (0, beta)
        default: nil
        }
    }
}

extension convolution_images {
    /// A piece of the batch, `[N, C, H, W]` of whole blocks.
    init(_ extents: [Int]) {
        self.init(
            is_bfloat16: false, height: extents[2], width: extents[3],
            image_stride: extents.dropFirst().reduce(1, *))
    }
}

extension ConvolutionProblem {
    /// The convolution of the gradient that gives the one with regard to the source, of strides of 1.
    fileprivate var turned: ConvolutionProblem {
        var turned = self
        (turned.source, turned.destination) = (destination, source)
        turned.weights = [source[1], destination[1]] + kernel
        turned.padsBegin = zip(kernel, padsBegin).map { $0 - 1 - $1 }
        turned.padsEnd = zip(kernel, padsEnd).map { $0 - 1 - $1 }
        return turned
    }
}
