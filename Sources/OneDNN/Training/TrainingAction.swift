import NeuralNetworks

/// A step of learning, ready to run.
enum TrainingAction {
    case primitive(TrainingBinding)
    case kernel((_ memory: borrowing TrainingMemory, _ piece: Int) throws -> Void)
    case meeting((_ memory: borrowing TrainingMemory) -> Void)
    case parts(Int, (_ memory: borrowing TrainingMemory, _ part: Int) -> Void)

    init(
        _ step: TrainingStep, _ memory: borrowing TrainingMemory, _ engine: borrowing Processor
    ) throws {
        self =
            switch step {
            case .primitive(let primitive, let arguments):
                .primitive(try TrainingBinding(primitive, arguments, memory, engine))
            case .kernel(_, let body): .kernel(body)
            case .meeting(_, let body): .meeting(body)
            case .parts(_, let count, let body): .parts(count, body)
            }
    }

    /// Whether it starts only once all pieces have come there.
    var isForAll: Bool {
        switch self {
        case .primitive, .kernel: false
        case .meeting, .parts: true
        }
    }
}
