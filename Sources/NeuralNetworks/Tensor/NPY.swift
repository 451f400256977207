/// NumPy's file format for one array: a magic, a header that is a Python dictionary, the elements.
///
/// `float32`, `int32`, `int64`, `bool`, `uint8` and `int8`, little-endian, in C order (row-major).
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
public enum NPY {
    /// - Parameter bytes: a whole file.
    /// - Throws: ``NPYError`` where the file is malformed, shorter than its header says, or of another
    ///   element type or order.
    public static func decode(_ bytes: [UInt8]) throws(NPYError) -> Tensor {
        let (header, start) = try split(bytes)
        guard try header.value(of: "fortran_order") == "False" else {
            throw NPYError(.unsupported, "the array is in Fortran order: save it with numpy.ascontiguousarray")
        }
        guard let shape = Shape(checking: try header.shape()) else {
            throw NPYError(.malformed, "the shape is impossible")
        }
        let descriptor = try header.value(of: "descr")
        guard let elementType = ElementType.allCases.first(where: { "'\($0.descriptor)'" == descriptor }) else {
            throw NPYError(
                .unsupported, "the element type \(descriptor) is not float32, int32, int64, bool, uint8 or int8")
        }
        let elements = bytes[start...]
        guard elements.count == shape.elementCount * elementType.byteCount else {
            throw NPYError(.malformed, "\(elements.count) bytes do not hold \(elementType) elements of \(shape)")
        }
        switch elementType {
        case .float32:
            return Tensor(shape: shape, integers(elements, of: UInt32.self).map(Float.init(bitPattern:)))
        case .int32: return Tensor(shape: shape, integers(elements, of: Int32.self))
        case .int64: return Tensor(shape: shape, integers(elements, of: Int64.self))
        case .bool: return Tensor(shape: shape, elements.map { $0 != 0 })
        case .uint8: return Tensor(shape: shape, storage: .uint8([UInt8](elements)))
        case .int8: return Tensor(shape: shape, storage: .int8(integers(elements, of: Int8.self)))
        }
    }

    /// A whole file.
    public static func encode(_ tensor: Tensor) -> [UInt8] {
        let extents = tensor.shape.dimensions.map { "\($0)," }.joined(separator: " ")
        let type = tensor.elementType.descriptor
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
        // The elements start at a multiple of 64.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var bytes = magic + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)] + header.utf8
        switch tensor.storage {
        case .float32(let elements): append(elements.map(\.bitPattern), to: &bytes)
        case .int32(let elements): append(elements, to: &bytes)
        case .int64(let elements): append(elements, to: &bytes)
        case .bool(let elements): bytes += elements.map { $0 ? 1 : 0 }
        case .uint8(let elements): bytes += elements
        case .int8(let elements): append(elements, to: &bytes)
        }
        return bytes
    }

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    private static func split(_ bytes: [UInt8]) throws(NPYError) -> (NPYHeader, start: Int) {
        guard bytes.count >= 10, bytes.starts(with: magic), 1...3 ~= bytes[6] else {
            throw NPYError(.malformed, "this is no .npy file")
        }
        let lengthBytes = bytes[6] == 1 ? 2 : 4
        let start = 8 + lengthBytes
        guard bytes.count >= start else { throw NPYError(.malformed, "the header is cut off") }
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - start, length <= 1 << 16 else {
            throw NPYError(.malformed, "the header of \(length) bytes is cut off or too long")
        }
        return (NPYHeader(text: String(decoding: bytes[start..<start + length], as: UTF8.self)), start + length)
    }

    private static func integers<Element: FixedWidthInteger>(
        _ bytes: ArraySlice<UInt8>, of type: Element.Type
    ) -> [Element] {
        let size = MemoryLayout<Element>.size
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / size).map {
                Element(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Element.self))
            }
        }
    }

    private static func append(_ elements: [some FixedWidthInteger], to bytes: inout [UInt8]) {
        elements.map(\.littleEndian).withUnsafeBytes { bytes += $0 }
    }
}

/// The Python dictionary at the head of the file.
private struct NPYHeader {
    let text: String

    /// What follows `'key':`, up to the next comma outside of parentheses.
    func value(of key: String) throws(NPYError) -> String {
        guard let place = text.firstRange(of: "'\(key)'"),
            let colon = text[place.upperBound...].firstIndex(of: ":")
        else { throw NPYError(.malformed, "the header lacks \(key)") }
        let rest = text[text.index(after: colon)...].drop { $0 == " " }
        if rest.first == "(" {
            guard let end = rest.firstIndex(of: ")") else {
                throw NPYError(.malformed, "the header's \(key) has no end")
            }
            return String(rest[...end])
        }
        return String(rest.prefix { $0 != "," && $0 != "}" && $0 != " " })
    }

    func shape() throws(NPYError) -> [Int] {
        let tuple = try value(of: "shape")
        guard tuple.first == "(", tuple.last == ")" else { throw NPYError(.malformed, "the shape is no tuple") }
        var extents: [Int] = []
        for part in tuple.dropFirst().dropLast().split(separator: ",") {
            let digits = part.filter { $0 != " " }
            guard let extent = Int(digits), extent >= 0 else {
                throw NPYError(.malformed, "the shape has the extent \(digits.prefix(20))")
            }
            extents.append(extent)
        }
        return extents
    }
}

extension ElementType {
    /// NumPy's name for the type.
    fileprivate var descriptor: String {
        switch self {
        case .float32: "<f4"
        case .int32: "<i4"
        case .int64: "<i8"
        case .bool: "|b1"
        case .uint8: "|u1"
        case .int8: "|i1"
        }
    }
}

/// Why bytes are no array that can be read.
public struct NPYError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case malformed, unsupported
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
