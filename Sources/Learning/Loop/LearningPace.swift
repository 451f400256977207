/// How fast a training gets on, and when it says so.
struct LearningPace {
    private let began = ContinuousClock.now
    private var shown: ContinuousClock.Instant
    private let first: Int
    private let settings: LearningSettings
    private static let interval = Duration.seconds(10)

    init(_ state: LearningState, _ settings: LearningSettings) {
        shown = began
        first = state.step
        self.settings = settings
    }

    func ofStep(_ step: Int) -> Duration { (ContinuousClock.now - began) / Double(max(1, step - first)) }

    /// Nil where it is not yet time to say something.
    mutating func progress(_ state: LearningState) -> LearningProgress? {
        let now = ContinuousClock.now
        guard now - shown > Self.interval || state.step == state.steps else { return nil }
        shown = now
        let pace = ofStep(state.step)
        return LearningProgress(
            step: state.step, steps: state.steps, loss: state.history.recent,
            triedLoss: state.history.tried.last?.loss, triedF1: state.history.tried.last?.f1,
            tilesPerSecond: Double(settings.batch * settings.accumulate) / (pace / .seconds(1)),
            timeLeft: state.steps == 0 ? nil : pace * Double(state.steps - state.step))
    }
}
