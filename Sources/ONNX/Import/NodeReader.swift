import NeuralNetworks

/// One node of a file while its operator is built: hands out attributes, each at most once, so that
/// what is left over is known to be unsupported.
struct NodeReader {
    /// The version of the operator set that says what the node means.
    let operatorSet: Int
    /// Value names; nil for an omitted optional input.
    private(set) var inputs: [String?]
    private(set) var outputs: [String?]
    /// Values that older operator sets keep in attributes and newer ones in inputs.
    private(set) var constants: [String: Tensor] = [:]
    private var attributes: [String: Onnx_AttributeProto]
    private let prefix: String

    /// - Parameter prefix: starts the names of values that the reader adds; unique to the node.
    init(_ node: Onnx_NodeProto, operatorSet: Int, prefix: String) throws(FormatProblem) {
        self.operatorSet = operatorSet
        self.prefix = prefix
        inputs = node.input.map { $0.isEmpty ? nil : $0 }
        outputs = node.output.map { $0.isEmpty ? nil : $0 }
        attributes = [:]
        for attribute in node.attribute {
            guard attributes.updateValue(attribute, forKey: attribute.name) == nil else {
                throw FormatProblem(.malformed, "has the attribute \(attribute.name) twice")
            }
        }
    }

    /// Names of the attributes that nobody asked for.
    var untaken: [String] { attributes.keys.sorted() }

    func has(_ name: String) -> Bool { attributes[name] != nil }

    /// Takes attributes that say nothing about inference.
    mutating func ignore(_ names: String...) {
        for name in names { attributes[name] = nil }
    }

    private mutating func take(
        _ name: String, _ type: Onnx_AttributeProto.AttributeType
    ) throws(FormatProblem) -> Onnx_AttributeProto? {
        guard let attribute = attributes.removeValue(forKey: name) else { return nil }
        // Files of the first versions leave the type out.
        guard attribute.type == type || attribute.type == .undefined else {
            throw FormatProblem(.malformed, "has the attribute \(name) as \(attribute.type), not \(type)")
        }
        return attribute
    }

    mutating func optionalInteger(_ name: String) throws(FormatProblem) -> Int? {
        try take(name, .int).map { Int($0.i) }
    }

    mutating func integer(_ name: String, default standard: Int) throws(FormatProblem) -> Int {
        try optionalInteger(name) ?? standard
    }

    mutating func integer(_ name: String) throws(FormatProblem) -> Int {
        guard let value = try optionalInteger(name) else { throw missing(name) }
        return value
    }

    mutating func flag(_ name: String, default standard: Bool) throws(FormatProblem) -> Bool {
        try optionalInteger(name).map { $0 != 0 } ?? standard
    }

    mutating func optionalFloat(_ name: String) throws(FormatProblem) -> Float? { try take(name, .float)?.f }

    mutating func float(_ name: String, default standard: Float) throws(FormatProblem) -> Float {
        try optionalFloat(name) ?? standard
    }

    mutating func integers(_ name: String) throws(FormatProblem) -> [Int]? {
        try take(name, .ints)?.ints.map { Int($0) }
    }

    mutating func floats(_ name: String) throws(FormatProblem) -> [Float]? { try take(name, .floats)?.floats }

    mutating func tensor(_ name: String) throws(FormatProblem) -> Tensor? {
        guard let attribute = try take(name, .tensor) else { return nil }
        guard attribute.hasT else { throw FormatProblem(.malformed, "has the attribute \(name) without a tensor") }
        return try attribute.t.tensor()
    }

    mutating func text(_ name: String) throws(FormatProblem) -> String {
        guard let attribute = try take(name, .string) else { throw missing(name) }
        return String(decoding: attribute.s, as: UTF8.self)
    }

    /// An attribute that names one of a closed set.
    mutating func choice<Choice>(
        _ name: String, default standard: Choice, _ choices: KeyValuePairs<String, Choice>
    ) throws(FormatProblem) -> Choice {
        guard let attribute = try take(name, .string) else { return standard }
        let value = String(decoding: attribute.s, as: UTF8.self)
        guard let choice = choices.first(where: { $0.key == value }) else {
            throw FormatProblem(.unsupported, "has the unsupported \(name) \(value.prefix(40))")
        }
        return choice.value
    }

    func missing(_ name: String) -> FormatProblem { FormatProblem(.malformed, "lacks the attribute \(name)") }

    /// Gives the input at `index`, which older operator sets do not have, a constant value.
    mutating func supply(_ tensor: Tensor?, asInput index: Int) throws(FormatProblem) {
        guard let tensor else { return }
        guard index >= inputs.count || inputs[index] == nil else {
            throw FormatProblem(.malformed, "has input \(index) both as an input and as an attribute")
        }
        while inputs.count <= index { inputs.append(nil) }
        let name = "\(prefix)/input\(index)"
        inputs[index] = name
        constants[name] = tensor
    }

    /// As ``supply(_:asInput:)``, with a list of integers.
    mutating func supply(_ integers: [Int]?, asInput index: Int) throws(FormatProblem) {
        try supply(integers.map { Tensor(shape: [$0.count], $0.map(Int64.init)) }, asInput: index)
    }

    /// As ``supply(_:asInput:)``, with a list of floats.
    mutating func supply(_ floats: [Float]?, asInput index: Int) throws(FormatProblem) {
        try supply(floats.map { Tensor(shape: [$0.count], $0) }, asInput: index)
    }

    /// Puts an omitted input in at `index`, and moves the following ones on.
    mutating func insertOmittedInput(at index: Int) {
        if index <= inputs.count { inputs.insert(nil, at: index) }
    }

    /// Refuses outputs from `count` on, which the operator here does not compute.
    func limitOutputs(to count: Int) throws(FormatProblem) {
        guard outputs.dropFirst(count).allSatisfy({ $0 == nil }) else {
            throw FormatProblem(.unsupported, "asks for more than \(count) outputs")
        }
    }
}
