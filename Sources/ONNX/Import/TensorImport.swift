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
    /// - Throws: where there is no such type here.
    init(onnx code: some BinaryInteger) throws(FormatProblem) {
        let type = Int(exactly: code).flatMap { Onnx_TensorProto.DataType(rawValue: $0) }
        switch type {
        case .float: self = .float32
        case .int32: self = .int32
        case .int64: self = .int64
        case .bool: self = .bool
        case .UNRECOGNIZED, .undefined, nil: throw FormatProblem(.malformed, "has the unknown element type \(code)")
        case let known?: throw FormatProblem(.unsupported, "has the unsupported element type \(known)")
        }
    }
}

extension Onnx_TensorProto {
    /// The tensor, with its elements checked against its shape before anything is allocated.
    func tensor() throws(FormatProblem) -> Tensor {
        guard dataLocation == .default, externalData.isEmpty else {
            throw FormatProblem(.unsupported, "keeps its data in another file")
        }
        guard !hasSegment else { throw FormatProblem(.unsupported, "is one segment of a tensor") }
        let elementType = try ElementType(onnx: dataType)
        guard let shape = Shape(checking: dims.map { Int($0) }) else {
            throw FormatProblem(.malformed, "has the impossible shape \(dims)")
        }
        let stored = rawData.isEmpty ? typedCount(elementType) : rawData.count / elementType.byteCount
        let isWhole = rawData.isEmpty || (rawData.count % elementType.byteCount == 0 && typedCount(elementType) == 0)
        guard stored == shape.elementCount, isWhole else {
            throw FormatProblem(.malformed, "holds \(stored) elements for the shape \(shape)")
        }
        switch elementType {
        case .float32: return Tensor(shape: shape, rawData.isEmpty ? floatData : raw(of: Float.self))
        case .int32: return Tensor(shape: shape, rawData.isEmpty ? int32Data : raw(of: Int32.self))
        case .int64: return Tensor(shape: shape, rawData.isEmpty ? int64Data : raw(of: Int64.self))
        case .bool: return Tensor(shape: shape, rawData.isEmpty ? int32Data.map { $0 != 0 } : rawData.map { $0 != 0 })
        }
    }

    private func typedCount(_ elementType: ElementType) -> Int {
        switch elementType {
        case .float32: floatData.count
        case .int32, .bool: int32Data.count
        case .int64: int64Data.count
        }
    }

    /// The little-endian bytes as numbers.
    private func raw<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
        let count = rawData.count / MemoryLayout<Element>.stride
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = rawData.copyBytes(to: buffer) / MemoryLayout<Element>.stride
        }
    }
}
