import Benchmark

/// What the benchmark package runs.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .throughput], warmupIterations: 3, maxDuration: .seconds(1))
    benchmarkKernels()
    benchmarkModelReading()
    benchmarkTileDecoding()
}
