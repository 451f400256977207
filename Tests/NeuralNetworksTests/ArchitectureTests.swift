import NeuralNetworks
import Testing

@Suite struct ArchitectureTests {
    struct Published: Sendable {
        let architecture: any Architecture
        let parameters: Int
    }

    /// The small ones; drawing the weights of the others takes too long without optimisation.
    static let published = [
        Published(architecture: LeNet5(), parameters: 61_706),
        Published(architecture: ResNet(.eighteen), parameters: 11_689_512),
        Published(architecture: UNet(baseChannels: 16), parameters: 1_942_594),
    ]

    static let large = [
        Published(architecture: AlexNet(), parameters: 61_100_840),
        Published(architecture: UNet(), parameters: 31_037_698),
        Published(architecture: VGG(.eleven), parameters: 132_863_336),
        Published(architecture: VGG(.eleven, normalisation: .batch), parameters: 132_868_840),
        Published(architecture: VGG(.sixteen), parameters: 138_357_544),
        Published(architecture: VGG(.nineteen), parameters: 143_667_240),
        Published(architecture: ResNet(.thirtyFour), parameters: 21_797_672),
        Published(architecture: ResNet(.fifty), parameters: 25_557_032),
        Published(architecture: ResNet(.hundredAndOne), parameters: 44_549_160),
    ]

    #if DEBUG
        static let counted = published
    #else
        static let counted = published + large
    #endif

    @Test(arguments: counted) func hasAsManyParametersAsPublished(_ published: Published) throws {
        #expect(try published.architecture.graph().parameterCount == published.parameters)
    }

    @Test func equalSeedsGiveEqualNetworks() throws {
        let image = Tensor(shape: [1, 1, 32, 32], (0..<1024).map { Float($0 % 7) })
        func scores(seed: UInt64) throws -> Tensor? {
            try ReferenceExecutor(LeNet5().graph(seed: seed)).run(["input": image])["output"]
        }
        #expect(try scores(seed: 1) == scores(seed: 1))
        #expect(try scores(seed: 1) != scores(seed: 2))
    }

    @Test func uNetsTakeAnySize() throws {
        let graph = try UNet(depth: 2, baseChannels: 4, classes: 3).graph(
            input: ImageShape(channels: 1, height: 8, width: 8))
        #expect(try graph.inferred(inputShapes: ["input": [2, 1, 16, 24]]).types["output"]?.shape == [2, 3, 16, 24])
        #expect(throws: GraphError.self) { try graph.inferred(inputShapes: ["input": [1, 1, 6, 8]]) }
    }

    @Test func objectNetworksAnswerForCells() throws {
        for (form, shapes) in [
            (
                ObjectUNet.Form.starConvex,
                ["probability": [1, 3, 32, 48], "distances": [1, 32, 32, 48]] as [String: Shape]
            ),
            (.centres, ["heat": [1, 3, 16, 24], "sizes": [1, 2, 16, 24], "offsets": [1, 2, 16, 24]]),
        ] {
            let graph = try ObjectUNet(form, baseChannels: 4, classes: 3).graph()
            let types = try graph.inferred(inputShapes: ["input": [1, 3, 64, 96]]).types
            #expect(graph.outputs.count == shapes.count)
            for (name, shape) in shapes { #expect(types[name]?.shape == shape) }
        }
    }

    @Test func imagesTooSmallAreRefused() {
        #expect(throws: GraphError.self) { try LeNet5().graph(input: ImageShape(channels: 1, height: 8, width: 8)) }
        #expect(throws: GraphError.self) {
            try ResNet(.eighteen).graph(input: ImageShape(channels: 3, height: 0, width: 8))
        }
    }
}

@Suite struct NamedArchitectureTests {
    static let names: [(String, NamedArchitecture?)] = [
        ("lenet-5", .leNet5), ("LeNet5", .leNet5), ("AlexNet", .alexNet), ("vgg16", .vgg(.sixteen, .none)),
        ("VGG-11-BN", .vgg(.eleven, .batch)), ("resnet_101", .resNet(.hundredAndOne)),
        ("u-net", .uNet(baseChannels: 64, depth: 4)), ("unet16", .uNet(baseChannels: 16, depth: 4)),
        ("star-convex-16", .objects(.starConvex, baseChannels: 16)), ("Centres8", .objects(.centres, baseChannels: 8)),
        ("star-convex", nil), ("u-net-32x3", .uNet(baseChannels: 32, depth: 3)), ("resnet-19", nil), ("vgg", nil),
        ("vgg-bn", nil),
        ("unet-x", nil), ("unet-1x2x3", nil), ("", nil),
    ]

    @Test(arguments: names) func isKnownInTheUsualSpellings(name: String, architecture: NamedArchitecture?) {
        #expect(NamedArchitecture(name) == architecture)
    }

    @Test func classesReplaceThePapersNumber() throws {
        let graph = try NamedArchitecture.leNet5.network(classes: 3).graph()
        #expect(graph.outputs[0].dimensions.last == .fixed(3))
        #expect(try NamedArchitecture.leNet5.network().graph().outputs[0].dimensions.last == .fixed(10))
    }
}
