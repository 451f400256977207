/// What an entry of the audit chain tells of.
enum AuditEvent: String, Sendable, Hashable, CaseIterable {
    /// The tables were brought to another version of the schema.
    case migration
    /// A pipeline was used for the first time; vouches for its row and its models.
    case pipeline
    /// A run began, or what is kept of its arguments became less; vouches for how it began.
    case run
    /// A run ended; vouches for how.
    case runEnd = "run-end"
    /// A file was seen for the first time; vouches for its place, its bytes and whose it is.
    case sighting
    /// An analysis was recorded; vouches for it and all its findings.
    case analysis
    /// Vectors of an analysis were recorded; vouches for them.
    case embedding
    /// A run found an older analysis done, which counts again; vouches for that.
    case reaffirmation
    /// A run found a file gone whose scan it saw under another patient; vouches for that.
    case departure
    /// A file's bytes were hashed; vouches for what the file system said of the file then.
    case stamp
    /// A person accepted that a scan fails; vouches for that.
    case acceptance
    /// The codes on a slide's label were read; vouches for them.
    case label
    /// An analysis looked within outlines only; vouches for them.
    case outlines
    /// A small picture of a scan was kept; vouches for it.
    case thumbnail
    /// The grades of a scan's tiles were kept; vouches for them.
    case heatMap = "heat-map"
    /// A run said what a person should know of it; vouches for the sentence.
    case notice
    /// Vouches for all scans and sightings as they stood, with what nightly runs change in them.
    case catalogue
    /// Findings were about to be written out.
    case export
    /// A patient was erased.
    case deletion
    /// An analysis made way for another of the same scan by the same pipeline.
    case replacement
    /// Another database was merged; names the head of its chain.
    case merge
}
