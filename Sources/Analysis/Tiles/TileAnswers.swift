import Findings
import NeuralNetworks

/// One thread's use of a network of several outputs, for tiles of one size.
struct TileAnswers {
    private let contract: TileContract
    private let context: any ExecutionContext
    private let inputShape: Shape
    private let stage: AnalysisFailure.Stage
    private var outputs: [Tensor]

    init(_ network: TileNetwork, height: Int, width: Int, stage: AnalysisFailure.Stage) throws(AnalysisFailure) {
        contract = network.contract
        inputShape = contract.inputShape(height: height, width: width)
        self.stage = stage
        do {
            context = try network.network(height: height, width: width).makeContext()
        } catch {
            throw AnalysisFailure(stage: stage, code: .defect, message: "\(error)")
        }
        outputs = context.network.makeOutputs()
    }

    /// - Parameter planes: the network's input, `[C, H, W]`.
    /// - Returns: its answers, in the order of the card's outputs, each as the graph lays it out.
    /// - Throws: `degenerate-output` where an answer is not a finite number.
    mutating func answers(to planes: [Float]) throws(AnalysisFailure) -> [[Float]] {
        do {
            try context.run([Tensor(shape: inputShape, contract.arranged(planes))], into: &outputs)
        } catch {
            throw AnalysisFailure(stage: stage, code: .defect, message: "\(error)")
        }
        let answers = outputs.compactMap(\.floats)
        guard answers.count == outputs.count, answers.allSatisfy(\.areFinite) else {
            throw AnalysisFailure(
                stage: stage, code: .degenerateOutput, message: "the network answered what is not a finite number")
        }
        return answers
    }
}
