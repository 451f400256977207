import NeuralNetworks

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
        Threads.perform(lanes.count) { lane, lanes in
            let groups = part.groups * lane / lanes..<part.groups * (lane + 1) / lanes
            self.lanes[lane].execute(groups, CallerMemory(inputs: inputs, outputs: outputs))
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
