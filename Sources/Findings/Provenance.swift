import FoundationEssentials

/// A model as a pipeline uses it.
public struct ModelIdentity: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable, CaseIterable {
        case segmentation, classification, detection, embedding
    }

    public let role: Role
    /// File name, for people.
    public let name: String
    public let sha256: ContentHash

    public init(role: Role, name: String, sha256: ContentHash) {
        self.role = role
        self.name = name
        self.sha256 = sha256
    }
}

/// What computes the networks.
public struct EngineIdentity: Sendable, Hashable {
    /// Such as `oneDNN 2.6.3`.
    public let version: String
    /// Such as `float32`.
    public let precision: String
    /// Such as `avx512_core_bf16`: other instruction sets round otherwise.
    public let instructionSet: String

    public init(version: String, precision: String, instructionSet: String) {
        self.version = version
        self.precision = precision
        self.instructionSet = instructionSet
    }
}

/// A pipeline by its content: the definition, the models and the engine that runs them.
public struct PipelineIdentity: Sendable, Hashable {
    public let name: String
    /// The fingerprint: SHA-256 over definition, model hashes and engine.
    public let sha256: ContentHash
    /// The text of `pipeline.yaml`, as it was.
    public let definition: String
    public let models: [ModelIdentity]
    public let engine: EngineIdentity

    public init(
        name: String, sha256: ContentHash, definition: String, models: [ModelIdentity], engine: EngineIdentity
    ) {
        self.name = name
        self.sha256 = sha256
        self.definition = definition
        self.models = models
        self.engine = engine
    }
}

/// One invocation of the batch, as it began.
public struct RunDescription: Sendable, Hashable {
    public let arguments: [String]
    public let host: String
    public let programVersion: String
    public let startedAt: Date

    public init(arguments: [String], host: String, programVersion: String, startedAt: Date) {
        self.arguments = arguments
        self.host = host
        self.programVersion = programVersion
        self.startedAt = startedAt
    }
}
