import CConvolution

/// The gradient with regard to the kernel of a convolution of 3 x 3, by Winograd's minimal filtering.
///
/// At each point of the tiles, the transformed sources and gradients of all tiles are multiplied and summed. Where the sums
/// stay in a core's cache, each piece of the batch makes its own. Where they do not, all tiles are transformed first, and then
/// each point is summed at once, so that nothing is read twice.
struct WinogradCorrelation {
    private static let tile = WinogradTile.four
    private let problem: ConvolutionProblem
    /// In blocks.
    private let inputs, outputs: Int
    /// Of a piece of the batch.
    private let tiles: winograd_tiles

    /// The sums that a piece makes on its own, and with them the tiles that stay in the cache.
    private static let mostSums = 5 << 18
    private static let cachedByteCount = 3 << 19

    /// - Parameter problem: of a piece of the batch.
    init?(_ problem: ConvolutionProblem, pieces: Int) {
        guard WinogradRule.learns(problem, pieces: pieces) else { return nil }
        self.problem = problem
        inputs = ConvolutionWeights.blocks(problem.source[1])
        outputs = ConvolutionWeights.blocks(problem.destination[1])
        tiles = winograd_tiles(problem, Self.tile)
    }

    private var block: Int { ConvolutionWeights.block }
    private var sumsCount: Int { inputs * outputs * block * block }

    /// - Returns: the gradient, `[M, C, 3, 3]`.
    func add(
        _ source: TrainingMemory.Buffer, _ gradient: TrainingMemory.Buffer, _ builder: inout TrainingBuilder
    ) throws -> TrainingOperand {
        let isOwn = Self.tile.points * sumsCount * MemoryLayout<Float>.size <= Self.mostSums
        let result = builder.operand(try MemoryDescriptor(problem.weights), isShared: !isOwn)
        if isOwn {
            addOwn(source, gradient, to: result.buffer, &builder)
        } else {
            addTogether(source, gradient, to: result.buffer, &builder)
        }
        return result
    }

    private func addOwn(
        _ source: TrainingMemory.Buffer, _ gradient: TrainingMemory.Buffer, to result: TrainingMemory.Buffer,
        _ builder: inout TrainingBuilder
    ) {
        let points = Self.tile.points
        let bytesOfTile = points * (inputs + outputs) * block * MemoryLayout<Float>.size
        let room = Self.cachedByteCount - points * sumsCount * MemoryLayout<Float>.size
        let most = max(room / bytesOfTile, 1)
        let rounds = (tiles.count + most - 1) / most
        let atOnce = (tiles.count + rounds - 1) / rounds
        let work = Work(self, tiles: atOnce)
        let scratch = builder.buffer(byteCount: work.count * MemoryLayout<Float>.size)
        let tiles = tiles
        builder.add(
            .kernel([source, gradient, scratch, result]) { memory, piece in
                let scratch = memory.floats(scratch, piece: piece)
                for first in stride(from: 0, to: tiles.count, by: atOnce) {
                    var own = tiles
                    own.first = first
                    own.count = min(atOnce, tiles.count - first)
                    work.transform(
                        memory.floats(source, piece: piece), memory.floats(gradient, piece: piece), own, at: 0, scratch)
                    for point in 0..<points { work.sum(point, own.count, begins: first == 0, scratch) }
                }
                work.finish(0..<work.inputs, scratch, memory.floats(result, piece: piece))
            })
    }

    private func addTogether(
        _ source: TrainingMemory.Buffer, _ gradient: TrainingMemory.Buffer, to result: TrainingMemory.Buffer,
        _ builder: inout TrainingBuilder
    ) {
        let (tiles, pieces) = (tiles, builder.pieces)
        let work = Work(self, tiles: tiles.count * pieces)
        let scratch = builder.workspace(byteCount: work.count * MemoryLayout<Float>.size)
        builder.add(
            .parts([source, gradient, scratch], count: pieces) { memory, piece in
                work.transform(
                    memory.floats(source, piece: piece), memory.floats(gradient, piece: piece), tiles,
                    at: piece * tiles.count, memory.floats(scratch))
            })
        builder.add(
            .parts([scratch], count: Self.tile.points) { memory, point in
                work.sum(point, tiles.count * pieces, begins: true, memory.floats(scratch))
            })
        builder.add(
            .parts([scratch, result], count: work.inputs) { memory, part in
                work.finish(part..<part + 1, memory.floats(scratch), memory.floats(result))
            })
    }

    /// What is done with tiles that are transformed together, in scratch memory: sources, gradients, and sums of each point.
    private struct Work {
        /// In blocks.
        let inputs, outputs: Int
        private let sourceImages, gradientImages: convolution_images
        /// Elements from one block to the next, and from one point to the next.
        private let blockStride, sourceStride, gradientStride, sumsStride: Int

        init(_ correlation: WinogradCorrelation, tiles: Int) {
            let block = ConvolutionWeights.block
            (inputs, outputs) = (correlation.inputs, correlation.outputs)
            sourceImages = convolution_images(correlation.problem.source)
            gradientImages = convolution_images(correlation.problem.destination)
            // A line more than the elements: matrices a power of two apart would share their place in the cache.
            blockStride = tiles * block
            sourceStride = inputs * blockStride + block
            gradientStride = outputs * blockStride + block
            sumsStride = correlation.sumsCount + block
        }

        private var points: Int { WinogradCorrelation.tile.points }
        var count: Int { points * (sourceStride + gradientStride + sumsStride) }

        private func gradients(_ scratch: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
            scratch + points * sourceStride
        }

        private func sums(_ scratch: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
            gradients(scratch) + points * gradientStride
        }

        /// - Parameter place: where the first of the tiles comes.
        func transform(
            _ source: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ tiles: winograd_tiles, at place: Int,
            _ scratch: UnsafeMutablePointer<Float>
        ) {
            let place = place * ConvolutionWeights.block
            winograd_transform_source(
                WinogradCorrelation.tile.raw, source, sourceImages, inputs, tiles, scratch + place, blockStride,
                sourceStride)
            winograd_transform_gradient(
                gradient, gradientImages, outputs, tiles, gradients(scratch) + place, blockStride, gradientStride)
        }

        func sum(_ point: Int, _ count: Int, begins: Bool, _ scratch: UnsafeMutablePointer<Float>) {
            let source = winograd_side(
                elements: scratch + point * sourceStride, blocks: inputs, stride: blockStride)
            let gradient = winograd_side(
                elements: gradients(scratch) + point * gradientStride, blocks: outputs, stride: blockStride)
            winograd_correlate(source, gradient, count, begins, sums(scratch) + point * sumsStride)
        }

        /// - Parameter blocks: of input channels.
        func finish(_ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<Float>, _ result: UnsafeMutablePointer<Float>)
        {
            let block = ConvolutionWeights.block
            winograd_transform_sums(
                sums(scratch), sumsStride, inputs, outputs, blocks.lowerBound * block, blocks.upperBound * block, result
            )
        }
    }
}
