import NeuralNetworks
import OneDNN

/// The engine that this program computes networks with. Only here is it named.
enum ProgramEngine {
    static let engine: any Engine = OneDNNEngine()
    /// What trains them.
    static let trainer: any TrainingEngine = OneDNNEngine()
}
