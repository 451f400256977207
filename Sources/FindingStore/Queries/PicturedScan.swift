import Findings

/// A scan that somebody has, with the small pictures that the database keeps of it.
public struct PicturedScan: Sendable, Hashable {
    public let sha256: ContentHash
    /// Whose it is, with the path where it was seen last: one or more, by patient.
    public internal(set) var owners: [Owner]
    /// Of which of the file's images there is a picture.
    public internal(set) var images: [Int]

    public struct Owner: Sendable, Hashable {
        public let patient: String
        /// Relative to the folder that was given.
        public let path: String
    }
}
