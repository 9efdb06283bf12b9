"""The chapters of the tour in the tutorial's order, as texts that are translated when they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from core.language import N_


@dataclass(frozen=True)
class Chapter:
    """One stop of the tour. All texts but the formula are marked for translation."""

    id: str  # in links
    title: str
    text: tuple[str, ...]  # paragraphs, in Markdown
    task: str
    question: str
    answer: str
    note: str  # for teachers
    minutes: int
    formula: str = ""  # in mathematical notation, the same in every language
    symbols: str = ""  # what the symbols of the formula mean


CHAPTERS = (
    Chapter(
        id="connection",
        title=N_("Deep learning and image generation"),
        text=(
            N_(
                "**Deep learning** is machine learning with networks of many layers. Each layer turns the "
                "numbers of the layer before it into new numbers, and training finds the weights with which "
                "it does so. Nobody tells the network which features of a picture matter; it learns them "
                "from examples."
            ),
            N_(
                "**Image generation** is one use of deep learning. A network that classifies turns a picture "
                "into an answer. A network that generates goes the other way: it turns an answer and some "
                "random numbers into a picture. Both are trained in the same way, by gradients of a loss."
            ),
        ),
        task=N_(
            "Tap the picture a few times. Then draw a digit on the canvas, as unlike the usual shape as you "
            "can, and see when the two networks stop agreeing."
        ),
        question=N_("What has a network that draws in common with a network that reads?"),
        answer=N_(
            "Both are layers of weighted sums with activations between them, and both learn by following "
            "the gradient of a loss. They differ in direction: one leads from a picture to a class, the "
            "other from a class and random numbers to a picture."
        ),
        note=N_(
            "Ask the class to describe how they tell a 4 from a 9 before they see a network do it. Most "
            "rules they name fail on somebody’s handwriting, which shows why features are learnt."
        ),
        minutes=1,
    ),
    Chapter(
        id="convolution",
        title=N_("Convolution"),
        text=(
            N_(
                "A convolution lays a small window of weights, the **kernel**, over the picture, multiplies "
                "each weight by the pixel under it, and adds the products. The sum is one number of the "
                "output. Then the window moves on. The output is large where the picture resembles the "
                "kernel."
            ),
            N_(
                "Networks compute the first formula below, which mathematics calls cross-correlation. The "
                "second one is the convolution of textbooks; it turns the kernel by half a turn. Since a "
                "network learns its kernels, the two differ only in how the weights are stored. (Some "
                "tutorials print a product of three factors x, w and h here. One picture and one kernel are "
                "enough: h(x − i, y − j) is the kernel itself, flipped and moved.)"
            ),
        ),
        formula="y(r, c) = b + Σᵢ Σⱼ x(r + i, c + j) · w(i, j)\n"
        "y(r, c) = b + Σᵢ Σⱼ x(r − i, c − j) · w(i, j)",
        symbols=N_(
            "x: pixels of the picture; w: weights of the kernel; b: bias; r, c: row and column of the "
            "output; i, j: row and column within the kernel; y: the output."
        ),
        task=N_(
            "Choose *Vertical edges* and look for the largest number of the output. Then set all weights to "
            "the same value: what is left of the picture?"
        ),
        question=N_("Without padding, a 3×3 kernel turns 28×28 pixels into 26×26 numbers. Why?"),
        answer=N_(
            "The window must lie inside the picture. It has 28 − 3 + 1 = 26 places in each direction. With a "
            "padding of 1, a row and a column of zeros on each side, the size stays 28×28."
        ),
        note=N_(
            "Let everyone compute one number of the output by hand, with the numbers on the screen; the "
            "sheet has room for it."
        ),
        minutes=2,
    ),
    Chapter(
        id="pooling",
        title=N_("Pooling"),
        text=(
            N_(
                "Pooling makes the output of a convolution smaller. Of each window it keeps one number: the "
                "largest (**maximum pooling**) or the mean (**average pooling**)."
            ),
            N_(
                "With windows of 2×2, three quarters of the numbers are gone, so the layers after it have "
                "less to compute, and a fully connected layer needs fewer weights. Pooling has no weights "
                "of its own. A stroke that moves by one pixel often leaves the maximum of its window as it "
                "was."
            ),
        ),
        formula="y(r, c) = maxᵢⱼ x(s·r + i, s·c + j)\ny(r, c) = 1/k² · Σᵢ Σⱼ x(s·r + i, s·c + j)",
        symbols=N_(
            "y: the output; x: the input; r, c: row and column; i, j: row and column within the window; "
            "k: size of the window; s: stride, the step from one window to the next."
        ),
        task=N_(
            "Raise the pooling window from 2 to 4. When can you no longer recognise the digit, with the "
            "maximum and with the mean?"
        ),
        question=N_(
            "A map of 26×26 numbers is pooled with windows of 2×2 and stride 2. What is its size then?"
        ),
        answer=N_("13×13: half as many rows and half as many columns, a quarter of the numbers."),
        note=N_(
            "Compare with making a photograph smaller. Average pooling is just that; maximum pooling keeps "
            "the strongest response, not the mean brightness."
        ),
        minutes=1,
    ),
    Chapter(
        id="cnn-training",
        title=N_("Training a CNN in five steps"),
        text=(
            N_("1. **Initialise** the weights with small random numbers."),
            N_("2. **Run forward**: pass a batch of pictures through all layers to the last one."),
            N_("3. **Compute the loss**: one number that says how wrong the answers are."),
            N_(
                "4. **Run backward**: compute the gradient of the loss with respect to each weight, and "
                "change each weight a little against its gradient."
            ),
            N_(
                "5. **Repeat** with the next batch until a stop condition holds, such as a number of epochs "
                "or a loss that no longer falls on pictures held out."
            ),
            N_("Here, backward run and update are two buttons, so that you see the gradients in between."),
        ),
        formula="L = −1/N · Σₙ ln p(yₙ | xₙ)\nw ← w − η · ∂L/∂w",
        symbols=N_(
            "L: cross-entropy loss; N: pictures of the batch; p(yₙ | xₙ): the network’s probability of the "
            "true class of picture n; w: a weight; ∂L/∂w: the gradient with respect to it; η: the learning "
            "rate."
        ),
        task=N_(
            "Take the five steps once, then repeat them ten times. Compare the loss before and after. Then "
            "try a learning rate ten times as high."
        ),
        question=N_("With ten classes, the loss before training is about 2.3. Why?"),
        answer=N_(
            "An untrained network gives each class a probability of about 1/10, and −ln(1/10) = 2.303."
        ),
        note=N_(
            "The loss may rise after a step with a high rate. That is worth showing: the gradient is right "
            "only for a small step."
        ),
        minutes=2,
    ),
    Chapter(
        id="rnn",
        title=N_("The structure of an RNN"),
        text=(
            N_(
                "A recurrent network reads a sequence step by step. It has an input layer, a hidden layer "
                "and an output layer. The hidden layer is connected to itself: its state of the step before "
                "is part of its input, and that is the network’s memory."
            ),
            N_(
                "Here the sequence is the picture, one row of 28 pixels in each step. After the last row the "
                "output layer turns the state into a class. The network that you see has LSTM cells, whose "
                "gates the next chapter explains."
            ),
        ),
        formula="hₜ = tanh(W · xₜ + U · hₜ₋₁ + b)\nz = V · h₂₈ + c",
        symbols=N_(
            "xₜ: row t of the picture; hₜ: the hidden state after row t; W, U, V: weights, the same in every "
            "step; b, c: biases; z: the logits, one for each class."
        ),
        task=N_(
            "Choose a row in the middle and see from which row on the network is right about your digit."
        ),
        question=N_("How many more weights does an RNN need if the picture has twice as many rows?"),
        answer=N_("None. The same weights are used in every step; only the number of steps doubles."),
        note=N_(
            "Cover the lower half of a digit on paper and ask which digits are still possible. The "
            "probabilities of the network after each row answer the same question."
        ),
        minutes=2,
    ),
    Chapter(
        id="rnn-training",
        title=N_("Training through time, and vanishing gradients"),
        text=(
            N_(
                "An RNN is trained as a CNN is, but the loss depends on a weight in every step. So the "
                "network is unrolled into one copy for each step, and the gradient is passed back through "
                "all copies. This is **backpropagation through time**. (Some tutorials call it “cyclic "
                "regression”; the literature does not know that name.)"
            ),
            N_(
                "On its way back the gradient is multiplied by a matrix in each step. If that matrix "
                "shrinks it, it **vanishes** after many steps, and the network learns nothing from the "
                "beginning of a long sequence. LSTM and GRU add gates, through which a state is carried on "
                "almost unchanged, so that they reach further back."
            ),
        ),
        formula="∂L/∂hₖ = ∂L/∂h_T · ∂h_T/∂h_T₋₁ · … · ∂hₖ₊₁/∂hₖ",
        symbols=N_(
            "L: the loss; hₖ: the hidden state after step k; T: the last step. Between them stands one "
            "matrix for each step on the way back."
        ),
        task=N_(
            "Compare the lines before and after training. Which cell carries its gradient back furthest?"
        ),
        question=N_("A gradient is halved in each step. What is left of it after 28 steps?"),
        answer=N_("0.5²⁸ is about 4 · 10⁻⁹. Nothing that a float32 weight would notice."),
        note=N_(
            "The game of whispers shows it: a message that loses a word at each person is gone after a row "
            "of pupils. A note that is handed on unchanged is the LSTM’s cell state."
        ),
        minutes=2,
    ),
    Chapter(
        id="gan",
        title=N_("Generator and discriminator"),
        text=(
            N_(
                "A generative adversarial network (GAN) consists of two networks. The **generator** turns "
                "random numbers into an image. The **discriminator** gets real and generated images and "
                "gives the probability that each of them is real."
            ),
            N_(
                "They are trained against each other. The generator never sees a real image: all it knows of "
                "them comes from the gradients of the discriminator."
            ),
        ),
        formula="min_G max_D  E[ln D(x)] + E[ln(1 − D(G(z)))]",
        symbols=N_(
            "G: the generator, which makes this small; D: the discriminator, which makes it large, and its "
            "probability that an image is real; x: a real image; z: random numbers; G(z): the image drawn "
            "from them; E: the mean over many images."
        ),
        task=N_("Choose the real image of ten pairs. Are you better at it than the discriminator?"),
        question=N_("What would D(x) and D(G(z)) be if the generator were perfect?"),
        answer=N_(
            "Both 0.5. If real and generated images cannot be told apart, the discriminator can only guess."
        ),
        note=N_(
            "Forger and detective is the usual comparison. It has a limit: this forger never sees an "
            "original, only how the detective’s verdict would change with each pixel."
        ),
        minutes=2,
    ),
    Chapter(
        id="gan-training",
        title=N_("Training a GAN in six steps"),
        text=(
            N_("1. **Initialise** the weights of generator and discriminator."),
            N_("2. The generator **draws** a batch of images from random numbers."),
            N_("3. The discriminator **judges** them, and real images as well."),
            N_("4. **Compute the losses** of both, for example as cross-entropy."),
            N_("5. **Run backward** and update the discriminator, then the generator."),
            N_(
                "6. **Repeat** until a stop condition holds. A GAN’s loss does not say when that is: look at "
                "the images, or measure them."
            ),
        ),
        formula="L_D = −ln D(x) − ln(1 − D(G(z)))\nL_G = −ln D(G(z))",
        symbols=N_(
            "L_D, L_G: the losses of discriminator and generator; x: a real image; z: random numbers; G(z): "
            "the image drawn from them; D: the discriminator’s probability. L_G is the form used in "
            "practice: its gradient is strong where the discriminator is still right."
        ),
        task=N_(
            "Start the game and let it play. Then let the generator learn much faster than the "
            "discriminator: which points does it still draw?"
        ),
        question=N_("The generator draws only one of eight groups of points. What is this called?"),
        answer=N_(
            "Mode collapse. The generator has found one place that the discriminator accepts, and jumps to "
            "another one when the discriminator has learnt that."
        ),
        note=N_(
            "Let two groups predict who wins when one network learns ten times as fast. Both answers are "
            "instructive: a discriminator that is too strong leaves no gradient, one that is too weak gives "
            "no direction."
        ),
        minutes=2,
    ),
    Chapter(
        id="code",
        title=N_("The program"),
        text=(
            N_(
                "The tutorial’s CNN in Keras, as it stands: it loads MNIST, builds three convolutions with "
                "two poolings and two fully connected layers, trains for five epochs and prints the "
                "accuracy on 10,000 test images. It has 93,322 weights and reaches about 99\u00a0%."
            ),
            N_("Beside each line is what this app does in its place."),
        ),
        task=N_(
            "Count the weights of the first layer: 32 kernels of 3×3 and 32 biases. Then open Train, where "
            "the same network is set up, and start it."
        ),
        question=N_("Why is the test set not used during training?"),
        answer=N_(
            "Because the accuracy on it should say how well the network reads pictures that it has never "
            "seen. If you choose settings by the test accuracy, you train on the test set by hand."
        ),
        note=N_(
            "The program runs as it stands where TensorFlow is installed, for example in a free notebook."
        ),
        minutes=2,
    ),
    Chapter(
        id="trends",
        title=N_("Where it is going"),
        text=(
            N_(
                "**More computing power.** Training is spread over many machines and special chips. Whether "
                "quantum computers will ever train networks faster is open; none does today. At the same "
                "time networks need less: how small one can be is measured here."
            ),
            N_(
                "**Better algorithms.** Networks learn from fewer labelled examples, by features that were "
                "learnt on other pictures. Diffusion models have overtaken GANs in the quality of images."
            ),
            N_(
                "**More uses**, in medicine, finance, education and art. With each use comes the question "
                "of who answers for its mistakes."
            ),
        ),
        task=N_(
            "Teach a class of your own with five pictures. Without learnt features it would take thousands."
        ),
        question=N_("Why do five pictures of a class suffice on the page Teach?"),
        answer=N_(
            "A network that has learnt from a million photographs already turns each picture into useful "
            "features. Only one small layer on top of it is learnt from yours."
        ),
        note=N_(
            "A good moment for a discussion: what should such a network not be used for, and who decides?"
        ),
        minutes=1,
    ),
    Chapter(
        id="challenges",
        title=N_("Three challenges"),
        text=(
            N_(
                "**Too little data.** A network with more weights than examples can learn the examples by "
                "heart and fail on everything else."
            ),
            N_(
                "**Explanation.** A network gives an answer, not a reason. Maps of what mattered help, but "
                "they are measurements of the network, not its thoughts."
            ),
            N_(
                "**Robustness.** A picture that differs from the training images, by noise, blur or another "
                "pen, may be read wrongly, and with a high probability at that."
            ),
        ),
        task=N_(
            "Draw a digit on the canvas and then spoil it: add a stroke through it, or a dot beside it. How "
            "little is enough to change an answer?"
        ),
        question=N_("A network is wrong with a probability of 99%. How can that be?"),
        answer=N_(
            "Its probabilities are right on average on pictures like those it was trained and calibrated on. "
            "They say little about pictures that are unlike all of these."
        ),
        note=N_(
            "On Classify, “How robust?” and “Why this answer?” below an answer measure what is said here."
        ),
        minutes=1,
    ),
    Chapter(
        id="questions",
        title=N_("Four questions"),
        text=(
            N_(
                "**How does deep learning differ from older machine learning?** There, people design the "
                "features and a simple model is learnt on them. A deep network learns the features as well."
            ),
            N_(
                "**What helps against too little data?** Augmentation (small random changes of the training "
                "images), generated images, and learning from other data first (transfer). Each helps only "
                "as far as the added images resemble the real ones."
            ),
            N_(
                "**Can a network be explained?** In part: by looking at its maps and features, by covering "
                "parts of a picture, by smaller networks that are easier to follow. Making a network smaller "
                "does not explain it by itself."
            ),
            N_(
                "**How does a network become more robust?** By augmentation, by several networks that "
                "answer together, and by transfer from a network that has seen more. And by saying so when "
                "a picture is unlike everything it knows."
            ),
        ),
        task=N_("Pick one of the answers and find the page of this app where you can test it."),
        question=N_("Which of these remedies helps against both too little data and missing robustness?"),
        answer=N_("Augmentation: it adds examples, and they vary in just the ways that should not matter."),
        note=N_("Four groups, one question each, two minutes to find a counter-example to the answer."),
        minutes=1,
    ),
    Chapter(
        id="references",
        title=N_("References"),
        text=(
            N_("The sources that the tutorial names, in the form in which they were published:"),
            "- Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville, Bengio (2014): "
            "*Generative Adversarial Nets.* NIPS 27, 2672–2680.",
            "- LeCun, Bengio, Hinton (2015): *Deep learning.* Nature 521, 436–444.",
            "- Chollet (2017): *Deep Learning with Python.* Manning.",
            "- Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016): *Rethinking the Inception Architecture for "
            "Computer Vision.* CVPR, 2818–2826.",
            "- Krizhevsky, Sutskever, Hinton (2012): *ImageNet Classification with Deep Convolutional Neural "
            "Networks.* NIPS 25, 1097–1105.",
        ),
        task=N_("Read the first page of one of them and find a sentence that you now understand."),
        question=N_("Which of the five introduced the game of two networks?"),
        answer=N_("The first: Goodfellow and colleagues, 2014."),
        note=N_("“Deep learning” in Nature is short, has few formulas and can be read in one lesson."),
        minutes=1,
    ),
)
BY_ID = {chapter.id: chapter for chapter in CHAPTERS}
