import Findings
import Glibc

/// What lay among the scans and was not taken, counted by the reason and, up to a limit, named.
public struct LeftOut: Sendable {
    public enum Reason: Sendable, Hashable {
        /// A link that leads nowhere, or where links may not lead.
        case link
        /// A link to a folder that was walked under its own name: nothing is missing.
        case linkToWalkedFolder
        /// A file without a known suffix that cannot be read: whether it is a scan is not known.
        case unexamined
        /// Images in a format that nothing here reads, by its name.
        case unread(String)
        /// By the user's wish.
        case ignored
    }

    public struct Item: Sendable, Hashable {
        public let reason: Reason
        /// Relative to the folder that was given.
        public let path: ScanPath
        /// Names it where no patient data may be.
        let mark: String
    }

    public private(set) var counts: [Reason: Int] = [:]
    /// The first so many for each reason.
    public private(set) var items: [Item] = []

    private static let limit = 1000

    mutating func add(_ reason: Reason, _ path: ScanPath, mark: @autoclosure () -> String) {
        let count = counts[reason, default: 0]
        counts[reason] = count + 1
        if count < LeftOut.limit { items.append(Item(reason: reason, path: path, mark: mark())) }
    }

    mutating func add(_ other: LeftOut) {
        counts.merge(other.counts, uniquingKeysWith: +)
        items += other.items
    }

    func marks(_ reason: Reason) -> [String] { items.filter { $0.reason == reason }.map(\.mark) }
}

/// Which paths are passed over: shell patterns over the path relative to the folder that was given, or, without a slash,
/// over the name alone.
struct IgnoredPaths: Sendable {
    let patterns: [String]

    func contains(_ path: ScanPath) -> Bool {
        guard !patterns.isEmpty else { return false }
        let name = path.lastComponent ?? ""
        return patterns.contains { pattern in
            fnmatch(pattern, path.text, 0) == 0
                || !pattern.utf8.contains(UInt8(ascii: "/")) && fnmatch(pattern, name, 0) == 0
        }
    }
}
