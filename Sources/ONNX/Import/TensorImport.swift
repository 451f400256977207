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
    /// The type that numbers are computed in; those of 16 bits only save room in a file.
    ///
    /// - Throws: where there is no such type here.
    init(onnx code: some BinaryInteger) throws(FormatProblem) {
        let type = Int(exactly: code).flatMap { Onnx_TensorProto.DataType(rawValue: $0) }
        switch type {
        case .float, .float16, .bfloat16: self = .float32
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
        let byteCount = widened == nil ? elementType.byteCount : MemoryLayout<UInt16>.size
        let stored = rawData.map { $0.count / byteCount } ?? typedCount(elementType)
        let isWhole = rawData.map { $0.count % byteCount == 0 && typedCount(elementType) == 0 } ?? true
        guard stored == shape.elementCount, isWhole else {
            throw FormatProblem(.malformed, "holds \(stored) elements for the shape \(shape)")
        }
        guard let rawData else {
            if let widened { return Tensor(shape: shape, int32Data.map { widened(UInt16(truncatingIfNeeded: $0)) }) }
            return switch elementType {
            case .float32: Tensor(shape: shape, floatData)
            case .int32: Tensor(shape: shape, int32Data)
            case .int64: Tensor(shape: shape, int64Data)
            case .bool: Tensor(shape: shape, int32Data.map { $0 != 0 })
            case .uint8: Tensor(shape: shape, storage: .uint8(int32Data.map { UInt8(truncatingIfNeeded: $0) }))
            case .int8: Tensor(shape: shape, storage: .int8(int32Data.map { Int8(truncatingIfNeeded: $0) }))
            }
        }
        do throws(ONNXError) {
            if let widened {
                return Tensor(shape: shape, try source.elements(rawData, of: UInt16.self).map(widened))
            }
            return switch elementType {
            case .float32: Tensor(shape: shape, try source.elements(rawData, of: Float.self))
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

    /// The number for the bits of one of 16, where the tensor holds such.
    private var widened: ((UInt16) -> Float)? {
        switch Onnx_TensorProto.DataType(rawValue: Int(dataType)) {
        case .float16: { Float(Float16(bitPattern: $0)) }
        case .bfloat16: { Float(bitPattern: UInt32($0) << 16) }
        default: nil
        }
    }

    private func typedCount(_ elementType: ElementType) -> Int {
        switch elementType {
        case .float32: widened == nil ? floatData.count : int32Data.count
        case .int32, .bool, .uint8, .int8: int32Data.count
        case .int64: int64Data.count
        }
    }
}
