import FoundationEssentials
import NeuralNetworks
import SwiftProtobuf

extension Tensor {
    /// Reads a file that holds one ONNX tensor, as the standard's test data does.
    ///
    /// - Throws: ``ONNXError`` where the bytes are no tensor, or one of a type that there is not.
    public init(onnxTensor data: Data) throws(ONNXError) {
        let proto: Onnx_TensorProto
        do {
            proto = try Onnx_TensorProto(serializedBytes: data, options: .hostile)
        } catch {
            throw ONNXError(.malformed, "not an ONNX tensor: \(error)")
        }
        do throws(FormatProblem) {
            self = try proto.tensor()
        } catch {
            throw ONNXError(error.kind, place: proto.name.isEmpty ? nil : proto.name, error.message)
        }
    }
}

extension ElementType {
    /// The type that numbers are computed in; those of 16 bits only save room in a file, and those of 64 are rounded.
    ///
    /// - Throws: where there is no such type here.
    init(onnx code: some BinaryInteger) throws(FormatProblem) {
        let type = Int(exactly: code).flatMap { Onnx_TensorProto.DataType(rawValue: $0) }
        switch type {
        case .float, .float16, .bfloat16, .double: self = .float32
        case .int32: self = .int32
        case .int64: self = .int64
        case .bool: self = .bool
        case .uint8: self = .uint8
        case .int8: self = .int8
        case .UNRECOGNIZED, .undefined, nil: throw FormatProblem(.malformed, "has the unknown element type \(code)")
        case let known?: throw FormatProblem(.unsupported, "has the unsupported element type \(known)")
        }
    }
}

extension Onnx_TensorProto {
    /// The tensor, with its elements checked against its shape before anything is allocated.
    func tensor() throws(FormatProblem) -> Tensor {
        try tensor(rawData: rawData.isEmpty ? nil : 0..<rawData.count, of: ByteSource(rawData))
    }

    /// The same for a tensor whose raw data stands elsewhere.
    func tensor(rawData: Range<Int>?, of source: borrowing ByteSource) throws(FormatProblem) -> Tensor {
        guard dataLocation == .default, externalData.isEmpty else {
            throw FormatProblem(.unsupported, "keeps its data in another file")
        }
        guard !hasSegment else { throw FormatProblem(.unsupported, "is one segment of a tensor") }
        let elementType = try ElementType(onnx: dataType)
        guard let shape = Shape(checking: dims.map { Int($0) }) else {
            throw FormatProblem(.malformed, "has the impossible shape \(dims)")
        }
        let rawData = rawData.flatMap { $0.isEmpty ? nil : $0 }
        let byteCount = storedByteCount(elementType)
        let stored = rawData.map { $0.count / byteCount } ?? typedCount(elementType)
        let isWhole = rawData.map { $0.count % byteCount == 0 && typedCount(elementType) == 0 } ?? true
        guard stored == shape.elementCount, isWhole else {
            throw FormatProblem(.malformed, "holds \(stored) elements for the shape \(shape)")
        }
        guard let rawData else {
            return switch elementType {
            case .float32: Tensor(shape: shape, typedFloats)
            case .int32: Tensor(shape: shape, int32Data)
            case .int64: Tensor(shape: shape, int64Data)
            case .bool: Tensor(shape: shape, int32Data.map { $0 != 0 })
            case .uint8: Tensor(shape: shape, storage: .uint8(int32Data.map { UInt8(truncatingIfNeeded: $0) }))
            case .int8: Tensor(shape: shape, storage: .int8(int32Data.map { Int8(truncatingIfNeeded: $0) }))
            }
        }
        do throws(ONNXError) {
            return switch elementType {
            case .float32: Tensor(shape: shape, try floats(rawData, of: source))
            case .int32: Tensor(shape: shape, try source.elements(rawData, of: Int32.self))
            case .int64: Tensor(shape: shape, try source.elements(rawData, of: Int64.self))
            case .bool: Tensor(shape: shape, try source.elements(rawData, of: UInt8.self).map { $0 != 0 })
            case .uint8: Tensor(shape: shape, storage: .uint8(try source.elements(rawData, of: UInt8.self)))
            case .int8: Tensor(shape: shape, storage: .int8(try source.elements(rawData, of: Int8.self)))
            }
        } catch {
            throw FormatProblem(.io, error.problems.first?.message ?? "cannot be read")
        }
    }

    private var type: DataType? { DataType(rawValue: Int(dataType)) }

    /// Bytes that an element takes in a file.
    private func storedByteCount(_ elementType: ElementType) -> Int {
        switch type {
        case .float16, .bfloat16: MemoryLayout<UInt16>.size
        case .double: MemoryLayout<Double>.size
        default: elementType.byteCount
        }
    }

    private func floats(_ rawData: Range<Int>, of source: borrowing ByteSource) throws(ONNXError) -> [Float] {
        switch type {
        case .float16, .bfloat16: try source.elements(rawData, of: UInt16.self).map(widened)
        case .double: try source.elements(rawData, of: Double.self).map { Float($0) }
        default: try source.elements(rawData, of: Float.self)
        }
    }

    private var typedFloats: [Float] {
        switch type {
        case .float16, .bfloat16: int32Data.map { widened(UInt16(truncatingIfNeeded: $0)) }
        case .double: doubleData.map { Float($0) }
        default: floatData
        }
    }

    /// The number for the bits of one of 16.
    private func widened(_ bits: UInt16) -> Float {
        type == .float16 ? Float(Float16(bitPattern: bits)) : Float(bitPattern: UInt32(bits) << 16)
    }

    private func typedCount(_ elementType: ElementType) -> Int {
        switch (elementType, type) {
        case (.float32, .float16), (.float32, .bfloat16): int32Data.count
        case (.float32, .double): doubleData.count
        case (.float32, _): floatData.count
        case (.int32, _), (.bool, _), (.uint8, _), (.int8, _): int32Data.count
        case (.int64, _): int64Data.count
        }
    }
}
