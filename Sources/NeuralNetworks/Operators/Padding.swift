/// Adds elements around a tensor, or takes some away where a pad is negative.
///
/// Inputs: data of any type, then as integers the pads (all begins, then all ends), optionally the
/// value to fill with (0 otherwise), and optionally the axes that the pads are for.
///
/// Source: ONNX operator Pad.
public struct Padding: Operator {
    /// What stands in the padding.
    public enum Mode: Sendable, Hashable, CaseIterable {
        /// One value.
        case constant
        /// The data mirrored at its first and last element, which are not repeated.
        case reflect
        /// The nearest element of the data.
        case edge
        /// The data again from its other end.
        case wrap
    }

    public var mode: Mode

    public init(_ mode: Mode = .constant) { self.mode = mode }

    public var name: String { "Pad" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...4)
        let data = try arguments.type(0)
        if let fill = arguments.optionalType(2) {
            guard fill.elementType == data.elementType, fill.shape.elementCount == 1 else {
                throw invalid(.inputs, "cannot fill \(data) with \(fill)")
            }
        }
        let pads = try pads(arguments, rank: data.shape.rank)
        var extents: [Int] = []
        for (extent, pad) in zip(data.shape.dimensions, pads) {
            let padded = extent + pad.begin + pad.end
            guard padded >= 0, extent > 0 || mode == .constant || padded == 0 else {
                throw invalid(.inputs, "cannot pad \(extent) elements by \(pad.begin) and \(pad.end)")
            }
            extents.append(padded)
        }
        return [TensorType(elementType: data.elementType, shape: try shape(extents))]
    }

    private func pads(_ arguments: Arguments, rank: Int) throws -> [(begin: Int, end: Int)] {
        guard let given = try arguments.integers(1) else { throw invalid(.inputs, "lacks its pads") }
        let axes = try resolve(axes: arguments.integers(3) ?? Array(0..<rank), rank: rank)
        guard given.count == 2 * axes.count, given.allSatisfy({ abs($0.clamped) <= Window.largestExtent }) else {
            throw invalid(.inputs, "has pads \(given) for \(axes.count) axes")
        }
        var pads = [(begin: Int, end: Int)](repeating: (0, 0), count: rank)
        for (index, axis) in axes.enumerated() { pads[axis] = (given[index], given[index + axes.count]) }
        return pads
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let fill = (inputs.count > 2 ? inputs[2] : nil) ?? Tensor(shape: [], [Int32(0)]).converted(to: data.elementType)
        return [data.gathering(try offsets(of: inputs, output: output), fill: fill, shape: output)]
    }

    /// Where in the data each element of the output comes from; nil for the fill.
    func offsets(of inputs: [Tensor?], output: Shape) throws -> some Sequence<Int?> {
        let data = inputs.tensor(0)
        let values = inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } }
        let pads = try pads(Arguments(values, of: self, count: 2...4), rank: data.shape.rank)
        let strides = data.shape.strides
        let sources = (0..<output.rank).map { axis in
            (0..<output[axis]).map { source($0 - pads[axis].begin, extent: data.shape[axis]) }
        }
        return Positions(extents: output.dimensions).lazy.map { position -> Int? in
            var offset = 0
            for axis in position.indices {
                guard let source = sources[axis][position[axis]] else { return nil }
                offset += source * strides[axis]
            }
            return offset
        }
    }

    /// Where in the data the element at `position`, relative to the data's first, comes from; nil for the fill.
    private func source(_ position: Int, extent: Int) -> Int? {
        switch mode {
        case _ where 0..<extent ~= position: return position
        case .constant: return nil
        case .edge: return min(max(position, 0), extent - 1)
        case .wrap: return (position % extent + extent) % extent
        case .reflect:
            guard extent > 1 else { return 0 }
            let period = 2 * (extent - 1)
            let folded = (position % period + period) % period
            return min(folded, period - folded)
        }
    }
}

extension Int {
    /// Such that its magnitude exists.
    fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}
