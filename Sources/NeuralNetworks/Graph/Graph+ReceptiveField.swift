extension Graph {
    /// Side of the square of an image's pixels that an element of a map may depend on, around its place: at most, for padding
    /// takes of it.
    ///
    /// Of a layer with a kernel of `k` and a dilation of `d` whose input's elements are `j` pixels apart it grows by
    /// `(k - 1) d j` (Araujo et al., "Computing receptive fields of convolutional neural networks", Distill 2019).
    ///
    /// - Parameters:
    ///   - output: its name; a map `[N, C, h, w]`.
    ///   - inputShapes: of the images, `[N, C, H, W]`.
    /// - Returns: nil where a layer sees all at once, or is none that this knows.
    public func receptiveField(of output: String, inputShapes: [String: Shape]) -> Int? {
        guard let types = try? inferred(inputShapes: inputShapes).types,
            let height = inputs.first.flatMap({ types[$0.name]?.shape.dimensions }).flatMap({
                $0.count == 4 ? $0[2] : nil
            })
        else { return nil }
        func shape(_ name: String) -> Shape? { types[name].flatMap { $0.shape.rank == 4 ? $0.shape : nil } }
        var fields = Dictionary(inputs.map { ($0.name, 1.0) }) { first, _ in first }
        // What depends on the image, but nobody knows on how much of it.
        var unknown: Set<String> = []
        for node in nodes {
            let sources = node.inputs.compactMap(\.self).filter { fields[$0] != nil }
            let isKnown = !node.inputs.contains { $0.map(unknown.contains) ?? false }
            guard !sources.isEmpty || !isKnown, let name = node.outputs[0] else { continue }
            unknown.formUnion(node.outputs.compactMap(\.self))
            guard isKnown, let result = shape(name), let source = shape(sources[0]), source[2] > 0, result[2] > 0
            else { continue }
            let spacing = Double(height) / Double(source[2])
            let kernel = node.inputs.count > 1 ? node.inputs[1].flatMap { initializers[$0]?.shape } : nil
            let growth: Double
            switch node.operation {
            case let layer as Convolution: growth = Self.reach(layer.window, kernel) * spacing
            case let layer as MaxPooling: growth = Self.reach(layer.window, nil) * spacing
            case let layer as AveragePooling: growth = Self.reach(layer.window, nil) * spacing
            case let layer as ConvolutionTranspose:
                growth = Self.reach(layer.window, kernel) * Double(height) / Double(result[2])
            case is Resize: growth = 2 * spacing
            // What computes each element of those at its place.
            case is UnaryElementwise, is BinaryElementwise, is Clip, is BatchNormalization, is Concatenation,
                is Dropout,
                is Identity, is ParametricRelu:
                guard sources.allSatisfy({ shape($0)?[2] == result[2] }) else { continue }
                growth = 0
            default: continue
            }
            unknown.remove(name)
            fields[name] = growth + (sources.compactMap { fields[$0] }.max() ?? 0)
        }
        return fields[output].map { Int($0.rounded(.up)) }
    }

    /// What a window sees beside its middle, in elements.
    private static func reach(_ window: Window, _ weights: Shape?) -> Double {
        let kernel = window.kernelShape?.first ?? weights.flatMap { $0.rank == 4 ? $0[2] : nil } ?? 1
        return Double((kernel - 1) * (window.dilations?.first ?? 1))
    }
}
