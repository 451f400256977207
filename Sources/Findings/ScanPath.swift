/// A path of a scan or a folder: the file system's bytes.
///
/// Swift holds texts for equal that Unicode does (`é` as one character or as two), and repairs what is not UTF-8; to the
/// file system both are other files. So paths are never compared as texts.
public struct ScanPath: Sendable {
    /// As it is recorded, listed and written in a manifest. A byte that is no UTF-8 reads `\xFC`; what looks so in the name
    /// itself reads `\x5CxFC`.
    public let text: String

    /// - Parameter text: as it is recorded.
    public init(_ text: String) {
        self.text = text
    }

    public init(bytes: some Collection<UInt8>) {
        text = ScanPath.text(of: bytes)
    }

    /// Nil for the path itself where it is the file system's root, or empty.
    public var lastComponent: String? {
        let path = text.utf8
        guard let end = path.lastIndex(where: { $0 != slash }) else { return nil }
        let start = path[...end].lastIndex(of: slash).map(path.index(after:)) ?? path.startIndex
        return String(path[start...end])
    }

    /// The path without its last name; of what is relative, empty at last.
    public var parent: ScanPath {
        guard let slash = text.utf8.lastIndex(of: slash) else { return ScanPath("") }
        return ScanPath(slash == text.startIndex ? "/" : String(text.utf8[..<slash]) ?? "")
    }

    /// From the first to the last.
    public var names: [String] { text.utf8.split(separator: slash).compactMap(String.init) }

    public var isAbsolute: Bool { text.utf8.first == slash }

    /// This folder's entry of that name, or what lies at that relative path in it.
    public func appending(_ name: String) -> ScanPath {
        if text.isEmpty { return ScanPath(name) }
        if name.isEmpty { return self }
        return ScanPath(text.utf8.last == slash ? text + name : "\(text)/\(name)")
    }

    /// The path as seen from the folder; nil where it does not lie in it.
    public func relative(to folder: ScanPath) -> ScanPath? {
        let prefix = folder.text.utf8.last == slash ? folder.text : folder.text + "/"
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        return String(text.utf8.dropFirst(prefix.utf8.count)).map { ScanPath($0) }
    }

    /// Without `.`, `..` and doubled slashes, as far as the text alone tells.
    public var normalised: ScanPath {
        let names = withoutDots(self.names).joined(separator: "/")
        return ScanPath(isAbsolute ? "/" + names : names)
    }

    /// What the file system is asked for.
    public var bytes: [UInt8] {
        guard text.utf8.contains(backslash) else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.first {
            let escaped = escapedByte(rest)
            bytes.append(escaped ?? byte)
            rest = rest.dropFirst(escaped == nil ? 1 : 4)
        }
        return bytes
    }

    /// The bytes with a zero at their end, for the system's functions.
    public func withCString<Answer>(_ body: (UnsafePointer<CChar>) throws -> Answer) rethrows -> Answer {
        guard text.utf8.contains(backslash) else { return try text.withCString(body) }
        return try (bytes.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("a path ends with a zero") }
            return try body(start)
        }
    }

    private static func text(of bytes: some Collection<UInt8>) -> String {
        let holdsEscape = bytes.contains(backslash) && holdsEscape(bytes)
        if !holdsEscape, let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var rest = bytes[...]
        while let byte = rest.first {
            if escapedByte(rest) == nil, let length = scalarLength(rest) {
                text += String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                rest = rest.dropFirst()
            }
        }
        return text
    }

    private static func holdsEscape(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.indices.contains { escapedByte(bytes[$0...]) != nil }
    }

    /// How many bytes the first character has; nil where it is not UTF-8.
    private static func scalarLength(_ bytes: some Collection<UInt8>) -> Int? {
        (1...4).first { $0 <= bytes.count && String(validating: bytes.prefix($0), as: UTF8.self) != nil }
    }
}

extension ScanPath: Hashable, Comparable {
    public static func == (left: ScanPath, right: ScanPath) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public static func < (left: ScanPath, right: ScanPath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// Names of a path without `.` and, as far as they alone tell, without `..`.
public func withoutDots(_ names: [String]) -> [String] {
    var kept: [String] = []
    for name in names where name != "." {
        if name == "..", let last = kept.last, last != ".." {
            kept.removeLast()
        } else {
            kept.append(name)
        }
    }
    return kept
}

private let slash = UInt8(ascii: "/")
private let backslash = UInt8(ascii: "\\")

/// The byte that `\xFC` stands for, where the text begins so.
private func escapedByte(_ text: some Collection<UInt8>) -> UInt8? {
    let start = Array(text.prefix(4))
    guard start.count == 4, start[0] == backslash, start[1] == UInt8(ascii: "x") else { return nil }
    let digits = start[2...]
    guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }) else { return nil }
    return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
}
