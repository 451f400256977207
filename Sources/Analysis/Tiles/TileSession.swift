import Findings
import NeuralNetworks

/// One thread's use of a network: the memory that it computes in, for tiles of one size.
struct TileSession {
    private let contract: TileContract
    private let symmetries: [Symmetry]
    private let height: Int
    private let width: Int
    private let upright: any ExecutionContext
    /// For inputs that a symmetry has transposed; the same as `upright` where tiles are square.
    private let transposed: any ExecutionContext
    private let stage: AnalysisFailure.Stage

    init(
        _ network: TileNetwork, height: Int, width: Int, augmentation: StageDefinition.TestTimeAugmentation,
        stage: AnalysisFailure.Stage
    ) throws(AnalysisFailure) {
        contract = network.contract
        symmetries = Symmetry.all(of: augmentation)
        self.height = height
        self.width = width
        self.stage = stage
        do {
            upright = try network.network(height: height, width: width).makeContext()
            transposed =
                height == width || !symmetries.contains(where: \.transposes)
                ? upright : try network.network(height: width, width: height).makeContext()
        } catch {
            throw AnalysisFailure(stage: stage, code: .defect, message: "\(error)")
        }
    }

    /// The mean of the network's answers to the tile's symmetries, each turned back.
    ///
    /// - Parameter planes: the network's input, `[C, H, W]`.
    /// - Returns: logits, or whatever the card says the answer is: `[K, H', W']` of a segmentation, `[K]` of a classification,
    ///   the tensor of an embedding.
    /// - Throws: `degenerate-output` where an answer is not a finite number.
    func logits(for planes: [Float]) throws(AnalysisFailure) -> [Float] {
        var sum: [Float] = []
        let (seenHeight, seenWidth) = (height + 2 * contract.margin, width + 2 * contract.margin)
        for symmetry in symmetries {
            var answer = try output(
                for: contract.arranged(symmetry.applied(to: planes, height: seenHeight, width: seenWidth)),
                in: symmetry.transposes ? transposed : upright)
            if let map = contract.mapSize(height: height, width: width) {
                answer = symmetry.undone(on: contract.planes(answer), height: map.height, width: map.width)
            }
            if sum.isEmpty {
                sum = answer
            } else {
                for index in sum.indices { sum[index] += answer[index] }
            }
        }
        let scale = 1 / Float(symmetries.count)
        for index in sum.indices { sum[index] *= scale }
        return sum
    }

    private func output(
        for planes: [Float], in context: any ExecutionContext
    ) throws(AnalysisFailure) -> [Float] {
        let pixels = contract.mapSize(height: height, width: width).map { $0.height * $0.width } ?? 1
        let expected = contract.vector?.elementCount ?? pixels * contract.output.classes.count
        var logits = [Float](repeating: 0, count: expected)
        guard context.network.outputs.first?.type.shape.elementCount == expected else {
            throw AnalysisFailure(
                stage: stage, code: .defect, message: "the network's output does not have the card's classes")
        }
        do {
            var answer = logits.mutableSpan
            try context.run(planes.span, into: &answer)
        } catch {
            throw AnalysisFailure(stage: stage, code: .defect, message: "\(error)")
        }
        guard logits.areFinite else {
            throw AnalysisFailure(
                stage: stage, code: .degenerateOutput, message: "the network answered what is not a finite number")
        }
        return logits
    }
}
