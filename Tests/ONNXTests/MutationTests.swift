import Foundation
import NeuralNetworks
import ONNX
import Testing

/// Good models with random bytes changed: they are refused or they run, but nothing crashes or hangs.
///
/// `SCANREPORT_MUTATIONS` sets how many are tried.
@Suite struct MutationTests {
    static let count = ProcessInfo.processInfo.environment["SCANREPORT_MUTATIONS"].flatMap { Int($0) } ?? 200

    @Test func mutatedModelsDoNotCrash() throws {
        var generator = SplitMix64(seed: 7)
        var models = [try CraftedModel.model { _ in }]
        if ConformanceData.isPresent {
            // Spread over the list, so that every kind of operator takes part.
            for index in stride(from: 0, to: ConformanceData.passing.count, by: 3) {
                models.append(try ConformanceData.model(ConformanceData.passing[index]))
            }
        }
        var outcomes: [Outcome: Int] = [:]
        for index in 0..<Self.count {
            let mutant = Self.mutate(models[index % models.count], &generator)
            outcomes[Self.tryOut(mutant), default: 0] += 1
        }
        #expect(outcomes.values.reduce(0, +) == Self.count)
    }

    private enum Outcome { case refused, untyped, failed, ran }

    private static func tryOut(_ data: Data) -> Outcome {
        let limit = 1 << 22
        guard let graph = try? ONNXModel(data: data).graph else { return .refused }
        var shapes: [String: Shape] = [:]
        for port in graph.inputs {
            let extents = port.dimensions.map { if case .fixed(let extent) = $0 { extent } else { 3 } }
            guard let shape = Shape(checking: extents), shape.elementCount <= limit else { return .untyped }
            shapes[port.name] = shape
        }
        let typed = try? graph.inferred(inputShapes: shapes, byteLimit: limit)
        var inputs: [String: Tensor] = [:]
        for port in graph.inputs {
            guard let shape = shapes[port.name] else { continue }
            let ones = Tensor(shape: shape, [Float](repeating: 1, count: shape.elementCount))
            inputs[port.name] = ones.converted(to: port.elementType)
        }
        guard (try? ReferenceExecutor(graph, byteLimit: limit).run(inputs)) != nil else {
            return typed == nil ? .untyped : .failed
        }
        return .ran
    }

    private static func mutate(_ data: Data, _ generator: inout SplitMix64) -> Data {
        var bytes = [UInt8](data)
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = .random(in: 0...255, using: &generator)
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            case 3: bytes.insert(.random(in: 0...255, using: &generator), at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &generator)))
            default:
                let end = min(bytes.count, place + Int.random(in: 1...64, using: &generator))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return Data(bytes)
    }
}
