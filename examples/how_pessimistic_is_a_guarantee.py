"""How far is the level at which every code is recovered from the level at which half of all random codes are?

A guarantee holds for the worst code; random codes are kinder. For a 40 x 80 Gaussian dictionary basis pursuit is
guaranteed at level 2 or so, and finds half of all random codes with about 16 nonzeros. Every single trial is decided by
a proof.
"""

import verify


def main() -> None:
    """Compare proved levels and observed rates."""
    dictionary = verify.load("builtin:gaussian:40x80:1")
    result = verify.recover(dictionary, levels=range(2, 31, 4), trials=40, seed=0)
    levels = result.levels
    assert levels is not None
    for rate in result.rates:
        lower, upper = float(rate.interval.lower), float(rate.interval.upper)
        counted = f"{rate.recovered:2} of {rate.trials} recovered"
        print(f"level {rate.level:2}: {counted}, 95% interval {lower:.3f} to {upper:.3f}")
    half = max(rate.level for rate in result.rates if 2 * rate.recovered >= rate.trials)
    print(f"guaranteed up to level {levels.guaranteed}, refuted from level {levels.refuted}")
    print(f"half of all codes recovered at level {half}")
    assert half > 3 * levels.guaranteed
    assert all(rate.undecided == 0 for rate in result.rates)


if __name__ == "__main__":
    main()
