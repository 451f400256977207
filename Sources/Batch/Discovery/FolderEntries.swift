import Slides

/// What is in a folder, in one block of bytes: of the millions that a folder may hold, texts of their own would take five times
/// the room.
struct FolderEntries {
    struct Entry {
        /// As it is recorded.
        let name: String
        /// As far as can be told; what a link leads to.
        let isFolder: Bool
    }

    /// One name after the other, behind each a slash where it is a folder's, and else a zero: so the order of these bytes is
    /// that of the paths in the folder.
    private var bytes: [UInt8] = []
    /// Where each begins that is left.
    private var starts: [Int] = []

    var isEmpty: Bool { starts.isEmpty }

    mutating func append(_ name: String, isFolder: Bool) {
        starts.append(bytes.count)
        bytes += name.utf8
        bytes.append(isFolder ? UInt8(ascii: "/") : 0)
    }

    /// Puts first what comes last in the order of the paths.
    mutating func sortBackwards() {
        bytes.withUnsafeBufferPointer { bytes in
            starts.sort { first, second in
                var (first, second) = (first, second)
                // No name is another's beginning with its end.
                while bytes[first] == bytes[second], !Self.isEnd(bytes[first]) {
                    first += 1
                    second += 1
                }
                return bytes[first] > bytes[second]
            }
        }
    }

    /// The names of files that scans of several files are known by.
    func multifileScans() -> [(name: String, form: MultifileForm)] {
        starts.compactMap { start in
            guard let end = bytes[start...].firstIndex(where: Self.isEnd), bytes[end] == 0 else { return nil }
            // Few are: what is left of the others is not looked at.
            guard let dot = bytes[start..<end].suffix(5).lastIndex(of: UInt8(ascii: ".")), dot > start else {
                return nil
            }
            let name = String(decoding: bytes[start..<end], as: UTF8.self)
            return MultifileForm(ofFileNamed: name.utf8).map { (name, $0) }
        }
    }

    mutating func popLast() -> Entry? {
        guard let start = starts.popLast() else { return nil }
        let end = bytes[start...].firstIndex(where: Self.isEnd) ?? bytes.endIndex
        return Entry(
            name: String(decoding: bytes[start..<end], as: UTF8.self), isFolder: bytes[end] == UInt8(ascii: "/"))
    }

    private static func isEnd(_ byte: UInt8) -> Bool { byte == 0 || byte == UInt8(ascii: "/") }
}
