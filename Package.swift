// swift-tools-version: 6.2
import PackageDescription

/// `SCANREPORT_STRICT=1` turns warnings into errors: for CI, not for those who only want the program.
let strict = Context.environment["SCANREPORT_STRICT"] == "1"
let settings: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let http: [Target.Dependency] = [
    .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
]
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

/// A room of the program, which may import those below it only.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// The tests of a room.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "scanreport",
    products: [
        .executable(name: "scanreport", targets: ["scanreport"]),
        .executable(name: "fixtures", targets: ["fixtures"]),
    ]
        // For the packages under Benchmarks.
        + ["TIFF", "NeuralNetworks", "OneDNN", "ONNX", "Fixtures"].map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "CDataMatrix", pkgConfig: "libdmtx"),
        .systemLibrary(name: "CLCMS", pkgConfig: "lcms2"),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COneDNN"),
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2"),
        .systemLibrary(name: "COpenSlide", pkgConfig: "openslide"),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng"),
        .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4"),
        .systemLibrary(name: "CZBar", pkgConfig: "zbar"),
        .systemLibrary(name: "CZLib", pkgConfig: "zlib"),

        // Rooms, lowest first
        room("TIFF", ["CTIFF", "COpenJPEG"]),
        room("NeuralNetworks"),
        .target(name: "CConvolution"),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        room("OneDNN", ["NeuralNetworks", "COneDNN", "CConvolution"]),
        room("ONNX", ["NeuralNetworks", protobuf, system], exclude: ["Format/onnx.proto"]),
        .target(name: "CDescriptorStream", linkerSettings: [.linkedLibrary("sqlite3")]),
        room("Slides", ["TIFF", "COpenSlide", "CLCMS", "CDescriptorStream", system], exclude: ["README.md"]),
        room("Imaging", ["Slides", "NeuralNetworks", "CJPEG", "CPNG"]),
        room("Labels", ["Slides", "Imaging", "CDataMatrix", "CZBar"]),
        room("Listings"),
        room("Findings", ["Listings", crypto, system]),
        room("FindingStore", ["Listings", "Findings", "CLinux", crypto, grdb, system]),
        room("Analysis", ["Slides", "NeuralNetworks", "ONNX", "Imaging", "Findings", crypto, system, "Yams"]),
        room("Exports", ["Listings", "Slides", "Imaging", "Findings", "FindingStore", "CLinux", "CZLib", system]),
        room("Reporting", ["Listings", "Imaging", "Findings", "FindingStore", "Exports"]),
        room("Evaluation", ["Listings", "Findings", "Imaging", "NeuralNetworks", "Slides", system]),
        room(
            "Learning",
            [
                "Listings", "Analysis", "Evaluation", "Findings", "Imaging", "NeuralNetworks", "ONNX", "Reporting",
                "Slides",
                crypto, system,
            ]),
        room(
            "Batch",
            [
                "Listings", "Analysis", "Findings", "FindingStore", "Slides", "Labels", "CLinux", crypto, logging,
                system,
            ]),
        .target(
            name: "Viewer",
            dependencies: [
                "Listings", "Slides", "Imaging", "Findings", "FindingStore", "Analysis", "Exports", "Reporting",
                "Batch",
                crypto, logging, system,
            ] + http,
            exclude: ["README.md"],
            resources: [.embedInCode("Assets")],
            swiftSettings: settings),
        .executableTarget(
            name: "scanreport",
            dependencies: [
                "Slides", "NeuralNetworks", "OneDNN", "ONNX", "Imaging", "Listings", "Findings", "FindingStore",
                "Analysis", "Evaluation", "Exports", "Learning", "Reporting", "Batch", "Viewer", argumentParser,
                crypto, logging, system,
            ],
            exclude: ["README.md"],
            swiftSettings: settings),

        // Scans with known truth
        .target(
            name: "Fixtures", dependencies: ["TIFF", "Slides", "Imaging", "NeuralNetworks"], path: "Fixtures/Generator",
            swiftSettings: settings),
        .executableTarget(
            name: "fixtures", dependencies: ["Fixtures", argumentParser], path: "Fixtures/Command",
            swiftSettings: settings),

        // Tests
        .executableTarget(
            name: "TestWorker", dependencies: ["Analysis", "Batch", "Findings", "FindingStore", "Slides", logging],
            path: "Tests/TestWorker", swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["TIFF", grdb], path: "Tests/TestSupport", swiftSettings: settings),
        tests("TIFFTests", ["TIFF"]),
        tests("NeuralNetworksTests", ["NeuralNetworks"], exclude: ["Goldens"]),
        tests("OneDNNTests", ["OneDNN", "NeuralNetworks", "ONNX"], exclude: ["Quantised"]),
        tests(
            "ONNXTests", ["ONNX", "NeuralNetworks", protobuf], exclude: ["conformance-passes.txt", "fetch-conformance"]),
        tests("SlidesTests", ["Slides", "TIFF", "CLCMS", grdb]),
        tests("ImagingTests", ["Imaging", "Slides", "TIFF", "NeuralNetworks"]),
        tests("LabelsTests", ["Labels", "Imaging"]),
        tests("ListingsTests", ["Listings"]),
        tests("FindingsTests", ["Findings", "Listings"]),
        tests("FindingStoreTests", ["FindingStore", "Findings", "Listings", grdb]),
        tests(
            "AnalysisTests",
            [
                "Analysis", "Findings", "Fixtures", "Imaging", "NeuralNetworks", "ONNX", "OneDNN", "Slides", "TIFF",
                protobuf,
            ]),
        tests(
            "ExportsTests",
            ["Evaluation", "Exports", "FindingStore", "Findings", "Imaging", "Listings", "Slides", "TIFF", grdb]),
        tests("ReportingTests", ["Reporting", "Exports", "FindingStore", "Findings", "Imaging", "Listings"]),
        tests(
            "ViewerTests", ["scanreport", "Analysis", "FindingStore", "Findings", "Imaging", "TIFF", "Viewer"]),
        tests(
            "LearningTests",
            ["Learning", "Analysis", "Evaluation", "Findings", "Imaging", "NeuralNetworks", "OneDNN", "Slides"],
            exclude: ["Goldens"]),
        tests("EvaluationTests", ["Evaluation", "Findings", "Imaging", "Listings", "Slides"]),
        tests(
            "BatchTests", ["Batch", "Findings", "FindingStore", "TestWorker", grdb, logging, system],
            exclude: ["Faults"]),
        tests("FixturesTests", ["Fixtures", "TIFF", "Slides", "Imaging", "NeuralNetworks"]),
        tests(
            "CommandTests",
            ["scanreport", "fixtures", "Fixtures", "Findings", "Listings", "NeuralNetworks", "ONNX", "Slides", "TIFF"],
            exclude: ["Goldens"]),
    ]
)
