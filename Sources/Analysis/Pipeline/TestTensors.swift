import Foundation
import Imaging
import NeuralNetworks
import Slides

/// The test tensors of a pipeline's models, made where there are none.
public struct TestTensors: Sendable {
    private let pipeline: Pipeline
    private let directory: String

    public init(_ pipeline: Pipeline, directory: String) {
        self.pipeline = pipeline
        self.directory = directory
    }

    /// Sides of the input that a test is made for, where the network takes any.
    private static let testSide = 96

    /// Writes the test tensors that are not there: a drawn picture, and what the plain reference makes of it, which the engine
    /// is then held against.
    ///
    /// - Returns: the names of the files.
    public func write() throws(PipelineError) -> [String] {
        var written: [String] = []
        for stage in pipeline.stages {
            let test = stage.model.card.test
            let names = [test.input] + test.outputs(of: stage.model.card.output)
            let areThere = names.map { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }
            if areThere.allSatisfy(\.self) { continue }
            let input = try areThere[0] ? stage.model.testInput() : drawnInput(of: stage)
            let outputs: [Tensor]
            do {
                let network = try stage.model.reference(for: input.shape)
                outputs = try network.makeContext().run([input])
            } catch {
                throw PipelineError(.unsupported, file: stage.model.card.model, "\(error)")
            }
            for (index, tensor) in ([input] + outputs).enumerated() where !areThere[index] {
                let name = names[index]
                do {
                    try Data(NPY.encode(tensor)).write(to: URL(filePath: "\(directory)/\(name)"), options: .atomic)
                } catch {
                    throw PipelineError(.missing, file: name, "cannot be written")
                }
                written.append(name)
            }
        }
        return written
    }

    private func drawnInput(of stage: LoadedStage) -> Tensor {
        let contract = stage.contract
        let side = contract.isFlexible ? min(contract.side, Self.testSide) : contract.side
        let seen = side + 2 * contract.margin
        let image = RGBImage(width: seen, height: seen, pixels: DrawnScan.pixels(width: seen, height: seen))
        let sample = TissueSample(image)
        let planes = stage.normalisation.fitted(to: sample, overview: image).planes(
            of: image,
            at: PicturePlace(PixelWindow(x: 0, y: 0, width: seen, height: seen), scanWidth: seen, scanHeight: seen))
        return Tensor(
            shape: contract.inputShape(height: side, width: side),
            contract.arranged(contract.input.colour.channels(of: planes)))
    }
}
