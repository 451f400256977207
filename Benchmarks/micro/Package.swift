// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the program's has neither these dependencies nor their build time.
let package = Package(
    name: "micro",
    dependencies: [
        .package(name: "scanreport", path: "../.."),
        // Without its traits, which count allocations by interposing malloc: what is measured here is time.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Micro",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "Fixtures", package: "scanreport"),
                .product(name: "NeuralNetworks", package: "scanreport"),
                .product(name: "ONNX", package: "scanreport"),
                .product(name: "OneDNN", package: "scanreport"),
                .product(name: "TIFF", package: "scanreport"),
            ],
            // The benchmark package takes targets whose folder lies in one called Benchmarks.
            path: ".",
            exclude: ["run"],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)
