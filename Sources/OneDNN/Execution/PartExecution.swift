import NeuralNetworks
import Synchronization

/// Runs a part of a network in a context's arena.
final class PartExecution {
    private let part: NetworkPart
    private let arena: AlignedMemory
    private let lanes: [Lane]

    /// - Parameter arena: has room for that of each lane, and may be shared with other parts.
    init(_ part: NetworkPart, _ arena: AlignedMemory) throws(EngineError) {
        self.part = part
        self.arena = arena
        var lanes: [Lane] = []
        for index in 0..<part.lanes {
            lanes.append(try Lane(part, arena: arena.address + index * part.arenaByteCount))
        }
        self.lanes = lanes
    }

    /// For all groups of the batch.
    ///
    /// - Parameters:
    ///   - inputs: where the batch is.
    ///   - outputs: where the results shall be.
    func execute(inputs: [UnsafeRawPointer], outputs: [UnsafeMutableRawPointer]) throws(EngineError) {
        Threads.use(part.threads)
        // A lane takes a group when it is done with one: where others want its core, it takes fewer.
        let next = Atomic(0)
        Threads.perform(lanes.count) { lane, _ in
            let batch = CallerMemory(inputs: inputs, outputs: outputs)
            while case let group = next.wrappingAdd(1, ordering: .relaxed).oldValue, group < part.groups {
                lanes[lane].execute(group, batch)
            }
        }
        for lane in lanes { try lane.check() }
    }

    /// From here on the time of each step is noted.
    func startTiming() {
        for lane in lanes { lane.stepTimes = [Duration](repeating: .zero, count: part.steps.count) }
    }

    func endTiming() {
        for lane in lanes { lane.stepTimes = nil }
    }

    /// For each layer, how long all lanes together worked on it since ``startTiming()``.
    var layerTimes: [Duration] {
        var times = [Duration](repeating: .zero, count: part.layers.count)
        for stepTimes in lanes.compactMap(\.stepTimes) {
            for (layer, time) in zip(part.layersOfSteps, stepTimes) { times[layer] += time }
        }
        return times
    }
}
