import NeuralNetworks

/// A stained smear of blood: red cells with a pale middle, white cells with a lobed nucleus, platelets; a red cell is some 100
/// pixels across, as in the pictures that the pipeline `blood-smear` was trained on.
struct SmearScene: ObjectScene {
    let seed: UInt64
    /// The seed of what a patient's smears share: stain and light.
    let patient: UInt64
    let width: Int
    let height: Int

    func draw() -> ObjectDrawing {
        var shared = SplitMix64(seed: patient, purpose: .patient)
        let light = SIMD3<Float>(204, 212, 207) + Float(shared.uniform(-6...8))
        let red = SIMD3<Float>(176, 134, 128) + Float(shared.uniform(-10...10))
        let texture = NoiseTexture(seed: seed, layer: 0)
        var canvas = ObjectCanvas(width: width, height: height) { x, y in
            light + texture.value(x: x / 90, y: y / 90) * 4
        }
        var random = SplitMix64(seed: seed, purpose: .scene)
        var placement = Placement(width: width, height: height, gap: 6)
        for _ in 0..<random.integer(1...2) {
            guard let centre = placement.place(reach: 100, random: &random) else { continue }
            paintWhiteCell(at: centre, texture, on: &canvas, random: &random)
        }
        for _ in 0..<random.integer(10...14) {
            guard let centre = placement.place(reach: 56, random: &random) else { continue }
            paintRedCell(at: centre, red, light, on: &canvas, random: &random)
        }
        for _ in 0..<random.integer(2...3) {
            guard let centre = placement.place(reach: 27, random: &random) else { continue }
            paintPlatelet(at: centre, texture, on: &canvas, random: &random)
        }
        return canvas.developed(Grain(seed: seed))
    }

    private func paintRedCell(
        at centre: Vector, _ red: SIMD3<Float>, _ light: SIMD3<Float>, on canvas: inout ObjectCanvas,
        random: inout SplitMix64
    ) {
        let radius = random.uniform(45...52)
        let blob = Blob(
            centre: centre, halfLength: radius, halfWidth: radius * random.uniform(0.86...1), waviness: 0.02,
            random: &random)
        let hollow = Float(random.uniform(0.3...0.75))
        canvas.beginObject("RBC")
        canvas.paint(blob, softness: 3) { depth, _, _ in
            // Thick at the rim, thin in the middle.
            let thinness = Float(smoothStep(Double(min(1, max(0, (depth - 0.3) / 0.35))))) * hollow
            return (red + (light - red) * thinness * 0.9, 0.92)
        }
    }

    private func paintWhiteCell(
        at centre: Vector, _ texture: NoiseTexture, on canvas: inout ObjectCanvas, random: inout SplitMix64
    ) {
        let radius = random.uniform(80...94)
        let cell = Blob(
            centre: centre, halfLength: radius, halfWidth: radius * random.uniform(0.9...1), waviness: 0.02,
            random: &random)
        canvas.beginObject("WBC")
        canvas.paint(cell, softness: 4) { _, x, y in
            (SIMD3(188, 168, 212) + texture.value(x: x / 3, y: y / 3) * 14, 0.8)
        }
        var direction = random.direction()
        for _ in 0..<4 {
            let lobe = Blob(
                centre: centre + direction * (radius * 0.4), halfLength: radius * 0.38, halfWidth: radius * 0.31,
                waviness: 0.06, random: &random)
            canvas.paint(lobe, softness: 5, isPart: true) { _, x, y in
                (SIMD3(104, 50, 188) + texture.value(x: x / 7, y: y / 7) * 16, 0.95)
            }
            direction = direction.turned(by: Vector(x: 0.5, y: 0.866))
        }
    }

    private func paintPlatelet(
        at centre: Vector, _ texture: NoiseTexture, on canvas: inout ObjectCanvas, random: inout SplitMix64
    ) {
        let radius = random.uniform(20...24)
        let blob = Blob(
            centre: centre, halfLength: radius, halfWidth: radius * random.uniform(0.75...1), waviness: 0.06,
            random: &random)
        canvas.beginObject("Platelets")
        canvas.paint(blob, softness: 5) { depth, x, y in
            (SIMD3(128, 100, 206) + texture.value(x: x / 4, y: y / 4) * 20, 0.55 + 0.4 * depth)
        }
    }
}
