import ArgumentParser
import Glibc
import Learning
import Listings
import NeuralNetworks

struct ModelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Time a model, on random input where none is given.",
        discussion: "The median of the runs counts: single runs are disturbed by whatever else the machine does.")

    @OptionGroup var options: ModelOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The shape of an input, such as 8x3x224x224.", valueName: "[name=]shape"))
    var inputShape: [InputShape] = []

    @Option(
        name: .long, help: ArgumentHelp("A tensor for an input; repeat it for several.", valueName: "[name=]npy"))
    var input: [NamedFile] = []

    @Option(name: .long, help: ArgumentHelp("Threads that share the work.", valueName: "n"))
    var threads = Host.processorCount

    @Option(name: .long, help: ArgumentHelp("Seconds to measure for, after a warm-up.", valueName: "seconds"))
    var seconds = 5.0

    @Flag(
        name: .long,
        help: "Time a step of learning instead: forwards, a loss of drawn labels, back, and the optimiser.")
    var training = false

    @OptionGroup var format: FormatOptions

    func validate() throws {
        if !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
        if training, options.precision == .float32Exact {
            throw ValidationError("--training computes in float32 or bfloat16.")
        }
        if !(0.01...3_600).contains(seconds) { throw ValidationError("--seconds must be from 0.01 to 3600.") }
    }

    func run() throws {
        let graph = try options.load().graph
        var inputs: [String: Tensor] = [:]
        for (name, file) in try NamedFile.assigned(input, to: graph.inputs, called: "input") {
            inputs[name] = try NPYFile.read(file)
        }
        let shapes = try graph.shapes(given: inputShape).merging(inputs.mapValues(\.shape)) { $1 }
        let (runs, operations) =
            try training
            ? (measureTraining(graph, shapes, inputs), nil) : measureRuns(consume graph, shapes, inputs)
        let milliseconds = runs.map(\.milliseconds).sorted()
        let processorTimes = runs.map(\.processorMilliseconds).sorted()
        let median = milliseconds[milliseconds.count / 2]
        switch format.format {
        case .json:
            let report = JSONValue.object([
                "median_ms": .number(median), "minimum_ms": .number(milliseconds.first),
                "maximum_ms": .number(milliseconds.last),
                "median_cpu_ms": .number(processorTimes[processorTimes.count / 2]),
                "minimum_cpu_ms": .number(processorTimes.first), "runs": .integer(milliseconds.count),
                "threads": .integer(threads), "precision": .text(options.precision.rawValue),
                "gflop_per_second": .number(operations.map { Double($0) / median / 1e6 }),
            ])
            try StandardOutput.write(report.compact + "\n")
        case .csv:
            try StandardOutput.write(
                "median_ms,runs,threads,precision\n\(median),\(milliseconds.count),\(threads),"
                    + "\(options.precision.rawValue)\n")
        case .table:
            try StandardOutput.write(
                """
                median \(rounded(median)) ms of \(milliseconds.count.counting("run")) \
                (\(rounded(milliseconds.first ?? median)) to \(rounded(milliseconds.last ?? median))), \
                \(threads) threads, \(options.precision.rawValue)\
                \(operations.map { ", \(rounded(Double($0) / median / 1e6)) GFLOP/s" } ?? ", of learning")\n
                """)
        }
    }

    /// What one run took: by the clock, and of all threads' processor time, which other programs disturb less.
    private struct Run {
        let milliseconds, processorMilliseconds: Double
    }

    private func measureRuns(
        _ graph: consuming Graph, _ shapes: [String: Shape], _ given: [String: Tensor]
    ) throws(CommandFailure) -> ([Run], operations: Int?) {
        let network = try options.compile(consume graph, shapes: shapes, threads: threads)
        let inputs = network.randomInputs(beside: given)
        do {
            let context = try network.makeContext()
            var outputs = network.makeOutputs()
            let runs = try measure(atLeast: 5) { try context.run(inputs, into: &outputs) }
            return (runs, network.layers.reduce(0) { $0 + $1.operationCount })
        } catch {
            throw CommandFailure(.unusable, "\(options.model): \(error)")
        }
    }

    private func measureTraining(
        _ graph: Graph, _ shapes: [String: Shape], _ given: [String: Tensor]
    ) throws(CommandFailure) -> [Run] {
        do {
            let steps = try LearningSteps(
                graph, inputShapes: shapes, engine: ProgramEngine.trainer, precision: options.precision,
                threads: threads)
            let inputs = steps.inputs.randomTensors(beside: given)
            return try measure(atLeast: 3) { try steps.make(inputs) }
        } catch {
            throw CommandFailure(.unusable, "\(options.model): \(error)")
        }
    }

    /// Fewer times first, in which memory is fetched and what is compiled late is compiled.
    private func measure(atLeast count: Int, _ body: () throws -> Void) throws -> [Run] {
        for _ in 0..<count - 2 { try body() }
        var runs: [Run] = []
        let end = milliseconds(of: CLOCK_MONOTONIC) + seconds * 1e3
        while runs.count < count || milliseconds(of: CLOCK_MONOTONIC) < end {
            let (begin, processorBegin) = (
                milliseconds(of: CLOCK_MONOTONIC), milliseconds(of: CLOCK_PROCESS_CPUTIME_ID)
            )
            try body()
            let run = Run(
                milliseconds: milliseconds(of: CLOCK_MONOTONIC) - begin,
                processorMilliseconds: milliseconds(of: CLOCK_PROCESS_CPUTIME_ID) - processorBegin)
            runs.append(run)
        }
        return runs
    }

    private func milliseconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    private func rounded(_ number: Double) -> Double { (number * 1_000).rounded() / 1_000 }
}

extension CompiledNetwork {
    /// A tensor for each input: a given one, or one that is drawn.
    func randomInputs(beside given: [String: Tensor] = [:]) -> [Tensor] { inputs.randomTensors(beside: given) }
}

extension [NetworkPort] {
    /// A tensor for each: a given one, or one that is drawn.
    fileprivate func randomTensors(beside given: [String: Tensor]) -> [Tensor] {
        var generator = SplitMix64(seed: 1)
        return map { given[$0.name] ?? generator.tensor($0.type.elementType, shape: $0.type.shape) }
    }
}

extension SplitMix64 {
    fileprivate mutating func tensor(_ type: ElementType, shape: Shape) -> Tensor {
        let count = shape.elementCount
        return switch type {
        case .float32: Tensor(shape: shape, (0..<count).map { _ in Float.random(in: -1...1, using: &self) })
        case .int32: Tensor(shape: shape, (0..<count).map { _ in Int32.random(in: 0...1, using: &self) })
        case .int64: Tensor(shape: shape, (0..<count).map { _ in Int64.random(in: 0...1, using: &self) })
        case .bool: Tensor(shape: shape, (0..<count).map { _ in Bool.random(using: &self) })
        case .uint8: Tensor(shape: shape, storage: .uint8((0..<count).map { _ in .random(in: 0...255, using: &self) }))
        case .int8: Tensor(shape: shape, storage: .int8((0..<count).map { _ in .random(in: -128...127, using: &self) }))
        }
    }
}
