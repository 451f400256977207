import Foundation
import Listings

/// Whoever a scan is of.
public struct Patient: Sendable, Hashable {
    /// Where a patient's id was read.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        case manifest
        /// A code on the slide's label.
        case label
        case pattern
        /// The name of the folder that holds the scan.
        case folder
    }

    public let id: String
    public let source: Source

    public init(id: String, source: Source) {
        self.id = id
        self.source = source
    }

    /// The id that a text from outside means: without space around it, and in Unicode's form C, so that one id is one
    /// text to Swift and to SQLite alike. Empty where nothing is left.
    public static func id(writtenAs text: String) -> String {
        let trimmed = text.trimmed
        return trimmed.utf8.allSatisfy { $0 < 0x80 } ? trimmed : trimmed.precomposedStringWithCanonicalMapping
    }
}
