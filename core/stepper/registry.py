"""Which experiments there are: names, and where the lab keeps the classes, which only the child imports."""

from __future__ import annotations

ENDED_IDLE = 3  # the exit code of a child that was asked nothing for a while

EXPERIMENTS = {  # name: "module:Class", of core.experiments but for the one that prepares pictures
    "preparer": "core.inference.apart:Preparer",
    "contest_images": "core.experiments.contest.images:Images",
    "contest_text": "core.experiments.contest.text:Text",
    "contest_plane": "core.experiments.contest.plane:Plane",
    "recurrent_gradients": "core.experiments.recurrent_gradients:RecurrentGradients",
    "steps_of_training": "core.experiments.steps_of_training:StepsOfTraining",
}
