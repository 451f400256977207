import NeuralNetworks

@testable import ONNX

extension HostileModelTests {
    private static func weights(_ change: @escaping @Sendable (inout Onnx_TensorProto) -> Void) -> Change {
        { change(&$0.graph.initializer[0]) }
    }

    private static func input(_ change: @escaping @Sendable (inout Onnx_ValueInfoProto) -> Void) -> Change {
        { change(&$0.graph.input[0]) }
    }

    private static func add(_ node: Onnx_NodeProto) -> Change { { $0.graph.node.append(node) } }

    /// What reading the file must find.
    static let refused: [Case] = files + tensors + graphs + attributes

    private static let files: [Case] = [
        Case("no operator set", "0 versions") { $0.opsetImport = [] },
        Case("two operator sets", "2 versions") { $0.opsetImport.append(.with { $0.version = 13 }) },
        Case("operator set too new", "99 is not one of") { $0.opsetImport[0].version = 99 },
        Case("operator set too old", "5 is not one of") { $0.opsetImport[0].version = 5 },
        Case("operator set negative", "is not one of") { $0.opsetImport[0].version = .min },
        Case("a function", "is a function") { $0.functions = [.with { $0.name = "f" }] },
        Case("sparse weights", "sparse") { $0.graph.sparseInitializer = [.init()] },
        Case("an input without a shape", "no shape") { $0.graph.input[0] = CraftedModel.port("x", nil) },
        Case("an input of a negative extent", "-4") { $0.graph.input[0] = CraftedModel.port("x", [1, 1, -4, 4]) },
        Case("an input that is no tensor", "no dense tensor", input { $0.clearType() }),
        Case("an input of complex numbers", "complex") {
            $0.graph.input[0] = CraftedModel.port("x", [1], type: .complex64)
        },
    ]

    private static let tensors: [Case] = [
        Case("external data", "another file", weights { $0.dataLocation = .external }),
        Case(
            "external data without the mark", "another file",
            weights { $0.externalData = [.with { ($0.key, $0.value) = ("location", "/etc/passwd") }] }),
        Case("a segment", "segment", weights { $0.segment = .init() }),
        Case("a negative extent", "impossible", weights { $0.dims = [-1, 1, 3, 3] }),
        Case("extents that overflow", "impossible", weights { $0.dims = [1 << 40, 1 << 40] }),
        Case("extents that overflow beside a zero", "impossible", weights { $0.dims = [0, 1 << 62, 1 << 62] }),
        Case("2 GB claimed in 1 KB", "holds 9", weights { $0.dims = [1 << 29] }),
        Case("no data", "holds 0", weights { $0.rawData = .init() }),
        Case("half an element", "holds 9", weights { $0.rawData.append(0) }),
        Case("data twice", "holds 9", weights { $0.floatData = [1] }),
        Case("data of another type", "holds 0", weights { ($0.rawData, $0.int32Data) = (.init(), [1]) }),
        Case("complex numbers", "complex", weights { $0.dataType = 14 }),
        Case("doubles of half the size", "holds 4", weights { $0.dataType = 11 }),
        Case("strings", "string", weights { $0.dataType = 8 }),
        Case("a type that does not exist", "77", weights { $0.dataType = 77 }),
        Case("a tensor twice", "twice") { $0.graph.initializer.append($0.graph.initializer[0]) },
    ]

    private static let graphs: [Case] = [
        Case("a value twice", "y: is defined twice", add(CraftedModel.node("Relu", ["x"], ["y"]))),
        Case("a value that is an input", "x: is defined twice", add(CraftedModel.node("Relu", ["y"], ["x"]))),
        Case("an undefined value", "undefined value nobody", add(CraftedModel.node("Relu", ["nobody"], ["z"]))),
        Case("a node that reads itself", "cycle", add(CraftedModel.node("Relu", ["z"], ["z"]))),
        Case("a cycle", "cycle") {
            $0.graph.node += [CraftedModel.node("Relu", ["b"], ["a"]), CraftedModel.node("Tanh", ["a"], ["b"])]
        },
        Case("an output that nothing computes", "nothing computes") { $0.graph.output[0].name = "z" },
        Case("an unknown operator", "Loop", add(CraftedModel.node("Loop", ["x"], ["z"]))),
        Case("a foreign operator", "com.example::Relu") {
            $0.graph.node[0] = .with { ($0.domain, $0.opType) = ("com.example", "Relu") }
        },
        Case(
            "an output whose size nobody knows ahead",
            "cut the network before this node, so that its inputs are outputs: x, w",
            add(CraftedModel.node("NonMaxSuppression", ["x", "w"], ["z"]))),
        Case(
            "integers quantised block by block", "block by block",
            {
                $0.opsetImport[0].version = 21
                $0.graph.node.append(
                    CraftedModel.node("DequantizeLinear", ["three", "w"], ["z"], [.integer("block_size", 2)]))
            }),
        Case("an operator newer than the operator set", "Gelu", add(CraftedModel.node("Gelu", ["x"], ["z"]))),
        Case("a constant without a value", "without", add(CraftedModel.node("Constant", [], ["z"]))),
        Case("a constant of two outputs", "constant", add(CraftedModel.node("Constant", [], ["a", "b"]))),
    ]

    private static let attributes: [Case] = [
        Case("an attribute twice", "twice", CraftedModel.convolution(.integer("group", 1), .integer("group", 1))),
        Case("an attribute of another type", "group", CraftedModel.convolution(.float("group", 1))),
        Case("an unknown attribute", "colour", CraftedModel.convolution(.integer("colour", 1))),
        Case("an unknown padding", "DIAGONAL", CraftedModel.convolution(.string("auto_pad", "DIAGONAL"))),
        Case("a missing attribute", "axis", add(CraftedModel.node("Concat", ["x"], ["z"]))),
        Case(
            "a constant of two values", "2 values",
            add(
                CraftedModel.node(
                    "ConstantOfShape", ["three"], ["z"], [.tensor("value", Tensor(shape: [2], [1, 2] as [Float]))]))),
        Case(
            "training before it could be said", "more than 1",
            { model in
                model.opsetImport[0].version = 9
                model.graph.node.append(
                    CraftedModel.node("BatchNormalization", ["x", "w", "w", "w", "w"], ["a", "b"]))
            }),
    ]

    /// What can only be found once shapes are known.
    static let impossible: [Case] = windows + sizes + misfits

    private static let windows: [Case] = [
        Case("stride 0", "strides", CraftedModel.convolution(.integers("strides", [0, 1]))),
        Case("a negative stride", "strides", CraftedModel.convolution(.integers("strides", [-1, 1]))),
        Case("three strides", "strides", CraftedModel.convolution(.integers("strides", [1, 1, 1]))),
        Case("dilation 0", "dilations", CraftedModel.convolution(.integers("dilations", [1, 0]))),
        Case("a huge dilation", "dilations", CraftedModel.convolution(.integers("dilations", [.max, .max]))),
        Case("a dilation past the input", "does not fit", CraftedModel.convolution(.integers("dilations", [9, 9]))),
        Case("negative pads", "pads", CraftedModel.convolution(.integers("pads", [-1, 0, 0, 0]))),
        Case("huge pads", "pads", CraftedModel.convolution(.integers("pads", [.max, 0, .max, 0]))),
        Case("large pads", "limit", CraftedModel.convolution(.integers("pads", [1 << 20, 1 << 20, 1 << 20, 1 << 20]))),
        Case("0 groups", "0 groups", CraftedModel.convolution(.integer("group", 0))),
        Case("negative groups", "groups", CraftedModel.convolution(.integer("group", -1))),
        Case("too many groups", "2 groups", CraftedModel.convolution(.integer("group", 2))),
        Case(
            "a kernel that is not the weights'", "kernel_shape",
            CraftedModel.convolution(.integers("kernel_shape", [1, 1]))),
        Case("an input smaller than the window", "does not fit") {
            $0.graph.input[0] = CraftedModel.port("x", [1, 1, 4, 2])
        },
        Case("channels that are not the weights'", "does not fit") {
            $0.graph.input[0] = CraftedModel.port("x", [1, 2, 4, 4])
        },
        Case("no weights", "1 inputs") { $0.graph.node[0].input = ["x"] },
        Case("a bias of the wrong size", "input 2") { $0.graph.node[0].input = ["x", "w", "w"] },
        Case("too many outputs", "outputs") { $0.graph.node[0].output = ["y", "z"] },
        Case(
            "a pool without a window", "kernel_shape",
            CraftedModel.replacing(node: CraftedModel.node("MaxPool", ["x"], ["y"]))),
        Case(
            "a huge pool", "does not fit",
            CraftedModel.replacing(
                node: CraftedModel.node("AveragePool", ["x"], ["y"], [.integers("kernel_shape", [1 << 30, 1 << 30])]))),
        Case(
            "an output padding of a gigapixel", "impossible",
            CraftedModel.replacing(
                node: CraftedModel.node(
                    "ConvTranspose", ["x", "w"], ["y"], [.integers("output_padding", [1 << 30, 1 << 30])]))),
    ]

    private static let sizes: [Case] = [
        Case(
            "a shape of too many elements", "Reshape",
            CraftedModel.replacing(
                node: CraftedModel.node("Reshape", ["x", "i"], ["y"]), integers: [1 << 40, 1 << 40])),
        Case(
            "two free extents", "Reshape",
            CraftedModel.replacing(node: CraftedModel.node("Reshape", ["x", "i"], ["y"]), integers: [-1, -1])),
        Case(
            "the smallest extent", "Reshape",
            CraftedModel.replacing(node: CraftedModel.node("Reshape", ["x", "i"], ["y"]), integers: [.min])),
        Case(
            "a terabyte of copies", "limit",
            CraftedModel.replacing(node: CraftedModel.node("Expand", ["x", "i"], ["y"]), integers: [1 << 36, 1, 4, 4])),
        Case(
            "copies that overflow", "Tile",
            CraftedModel.replacing(
                node: CraftedModel.node("Tile", ["x", "i"], ["y"]), integers: [.max, .max, 1, .max])),
        Case(
            "a terabyte of zeros", "limit",
            CraftedModel.replacing(node: CraftedModel.node("ConstantOfShape", ["i"], ["y"]), integers: [1 << 38])),
        Case(
            "a terabyte of padding", "limit",
            CraftedModel.replacing(
                node: CraftedModel.node("Pad", ["x", "i"], ["y"]), integers: [1 << 30, 0, 0, 0, 1 << 30, 0, 0, 0])),
        Case(
            "padding that overflows", "pads",
            CraftedModel.replacing(
                node: CraftedModel.node("Pad", ["x", "i"], ["y"]), integers: [.min, 0, 0, 0, .max, 0, 0, 0])),
        Case(
            "an axis that is not there", "axis 4",
            CraftedModel.replacing(node: CraftedModel.node("Concat", ["x"], ["y"], [.integer("axis", 4)]))),
        Case(
            "an element that is not there", "element 3 of 1",
            CraftedModel.replacing(node: CraftedModel.node("Gather", ["w", "three"], ["y"]))),
        Case(
            "no permutation", "order",
            CraftedModel.replacing(
                node: CraftedModel.node("Transpose", ["x"], ["y"], [.integers("perm", [0, 0, 1, 2])]))),
        Case(
            "a step of 0", "steps",
            CraftedModel.replacing(
                node: CraftedModel.node("Slice", ["x", "three", "three", "three", "i"], ["y"]), integers: [0])),
        Case(
            "division by zero", "zero",
            CraftedModel.replacing(node: CraftedModel.node("Div", ["three", "i"], ["y"]), integers: [0])),
        Case(
            "an endless range", "Range",
            CraftedModel.replacing(node: CraftedModel.node("Range", ["three", "i", "i"], ["y"]), integers: [0])),
        Case(
            "an output of another type", "y: is declared",
            CraftedModel.replacing(node: CraftedModel.node("Shape", ["x"], ["y"]))),
    ]
    private static func misfit(
        _ description: String, _ expected: String, _ type: String, _ inputs: [String], integers: [Int64]? = nil,
        _ attributes: [Onnx_AttributeProto] = []
    ) -> Case {
        Case(
            description, expected,
            CraftedModel.replacing(node: CraftedModel.node(type, inputs, ["y"], attributes), integers: integers))
    }

    /// Inputs that an operator cannot take, one or more for each of those that move elements.
    private static let misfits: [Case] = [
        Case("blocks of a convolution's weights", "rank") { model in
            model.opsetImport[0].version = 18
            model.graph.node = [CraftedModel.node("Col2Im", ["x", "three", "three"], ["y"])]
        },
        misfit("a grid of other axes", "cannot read", "GridSample", ["x", "w"]),
        misfit("coordinates of too many axes", "cannot index", "GatherND", ["x", "i"], integers: [0, 0, 0, 0, 0]),
        misfit(
            "batch axes that are not there", "batch axes", "GatherND", ["x", "i"], integers: [0],
            [.integer("batch_dims", 9)]),
        misfit("coordinates past the end", "element 4 of 1", "GatherND", ["w", "i"], integers: [4]),
        misfit("updates of other axes", "rank", "ScatterElements", ["x", "three", "w"]),
        misfit("updates past the end", "element 9 of 1", "ScatterElements", ["i", "nine", "i"], integers: [1]),
        misfit("a triangle of a list", "rank", "Trilu", ["three"]),
        misfit("a diagonal of an image", "rank", "EyeLike", ["x"]),
        misfit("a terabyte of classes", "limit", "OneHot", ["x", "i", "pair"], integers: [1 << 38]),
        misfit("classes of no number", "impossible", "OneHot", ["x", "i", "pair"], integers: [-1]),
        misfit("maxima from nowhere", "not int64", "MaxUnpool", ["x", "x"], [.integers("kernel_shape", [2, 2])]),
        misfit(
            "a norm of order 0", "order 0", "LpPool", ["x"], [.integers("kernel_shape", [2, 2]), .integer("p", 0)]),
        misfit("regions that are none", "rank", "RoiAlign", ["x", "w", "three"]),
        misfit("scales of an image's rank", "rank", "QuantizeLinear", ["x", "w"]),
        misfit("floats to dequantise", "not uint8", "DequantizeLinear", ["x", "w"]),
    ]
}
