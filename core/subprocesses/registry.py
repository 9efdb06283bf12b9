"""List the experiments by name, with the module and class of each; only the child imports them."""

from __future__ import annotations

ENDED_IDLE = 3  # exit code of a child that ended because no request came

EXPERIMENTS = {  # name: "module:Class"
    "decoding": "core.inference.decoding_process:PictureReader",
    "teaching": "core.class_sets.teaching_process:SetTeacher",
    "gan_game_images": "core.lab.experiments.gan_games.image_game:ImageGameExperiment",
    "gan_game_text": "core.lab.experiments.gan_games.text_game:TextGameExperiment",
    "gan_game_plane": "core.lab.experiments.gan_games.plane_game:PlaneGameExperiment",
    "learning_ways": "core.lab.experiments.learning_ways:LearningWays",
    "picture_map": "core.class_sets.feature_map:PicturePlacer",
    "model_file": "core.inside.model_file:ModelFileReader",
    "network_compression": "core.lab.experiments.network_compression:NetworkCompression",
    "own_corruptions": "core.remedies.own_corruptions:OwnCorruptions",
    "picture_gradients": "core.lab.experiments.picture_gradients:PictureGradients",
    "recurrent_gradients": "core.lab.experiments.recurrent_gradients:RecurrentGradients",
    "training_steps": "core.lab.experiments.training_steps:TrainingSteps",
}
