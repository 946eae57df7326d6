#include "law_map_chapter.hpp"

#include "law_map_cells.hpp"
#include "law_map_claims.hpp"
#include "law_map_pictures.hpp"
#include "law_map_tables.hpp"

namespace syncline::repro::law_map {
namespace {

constexpr const char* tuned_text =
    R"(A cell names the variant that was first and how many times as fast as sync it was; `~`
means that its lead over some other one is no more than chance explains (95 % interval of the
paired difference over the seeds). Below stands whom the planner's theory names and the speed-up
that it expects; `!` marks a miss: more than 10 % and two standard errors slower than the first. Kb
are the batch variants; the number is K.)";

constexpr const char* same_text =
    R"(The paper's way: all take steps of 0.01. That is too little for sync, which averages
many gradients, and too much for async with many workers, whose gradients are stale. Updates count
here, not gradients, so whoever updates most often is first, async or K-sync with K = 1, until with
32 workers (16 where times hardly vary) staleness keeps async from the target under most laws. The
gains over sync are several times those above: a large part of them is the step size's.)";

constexpr const char* why_text =
    R"(**NWU: cancelling gains everything.** A job that has run long has long to go, so the
server that takes the first gradient and starts all workers anew updates more often than async does
(every 0.051 instead of 0.125 with 8 workers and Weibull times of shape 0.7), and its gradients are
fresh. K-sync with K = 1 gives nothing up and wins nearly everywhere. That asynchrony is quicker
per update whatever the law holds against full sync only
([theory](../theory.md#where-the-paper-is-corrected)).

**Exponential: the border.** K-sync with K = 1 and async take the same time per update; only async
is stale. With 8 workers the difference is too small for 8 seeds.

**NBU: letting stragglers finish gains time, staleness takes part of it back.** Async uses 1.4 to
twice as many gradients as the best variant that cancels (last map). But they are P - 1 versions
old, and need smaller steps. Where times vary little the async family is clearly ahead. With
Weibull and gamma times of moderate spread its lead over K-batch-sync with K = P/2 is 13 to 25 %,
mostly within chance, and with 32 workers and shifted exponential times nothing is left of it. The
conjecture that NBU laws favour asynchrony is right of time, and not always of the target.

**Nearly constant times: least to gain, and still not sync.** The conjecture that sync is best
there fails: it waits for the slowest of P, 1.3 mean times with 8 workers, while the async family
loses nothing by waiting and little by staleness. But no law leaves less to gain.

**Heavy tails** by themselves say nothing. A Pareto job takes at least 0.6, which every restart
pays again, so cancelling is as dear as under NBU laws. Under lognormal times cancelling costs no
time and gains none, and both kinds arrive together.

**Unlike workers and slow states** punish sync: it waits for the slow half, or for whoever is slow
just now. The winner is the one that the law itself favours; the gain over sync is larger. With 4
workers slow states gain no more than gamma times of shape 2.

**Links.** A worker's own link is a fixed part of its job: the row repeats the shifted exponential
one. A server's link that all share is another matter. What is on its way can't be called back, so
gradients that are cancelled occupy it all the same. K-sync with K = 1, the best without the link,
needs 0.14 per update with 16 workers, not 0.0625, and 1.0 with 32, when async needs 0.05. Async
leads with 8 and 16 workers. With 32, more than the link can take, K-async with K = 16 leads; that
a full link favours a large K is not beyond doubt.)";

constexpr const char* prediction_text =
    R"(The planner's theory knows the workload from constants measured at its start and from
the log of one run of sync ([plan](../plan.md)); nothing is simulated. It believes the noise near
the target to be larger than it is, so at one step size it often names K = P/4 where K = 1 is
faster. The rows below it know how many updates each candidate needed in *one* cell, exponential
times with 8 workers. A law in K and the mean staleness s is fitted to them and carried over to all
other laws and P:)";

constexpr const char* baseline_text =
    R"( At one step size 8 workers are too few to show what staleness costs, so the misses
there are with 16 and 32, where async does not arrive.

Hits allow 10 % and two standard errors, and times are uncertain by 5 to 10 %: to name async
everywhere hits often too. Theory is worth most where that fails. In the cell that theory misses
worst, behind the server's link with 16 workers, its time per update is wrong (below); with the
simulated one the same law of updates is right there.)";

constexpr const char* time_text =
    R"(Without gradients: how many of them are used in a unit of time. The map is simulated
(20,000 updates). The table is theory's time per update with 8 workers, exact but for K-async
([theory](../theory.md#time-per-update)), with the simulated one in brackets where they are more
than 3 % apart. Theory knows no slow states, so it sees that row without them. It adds links by
their mean, and that leaves out the cancelled gradients that are served before the one that is
waited for: behind the server's link K-sync with K = 1 takes 1.4 times as long as it says with 8
workers, 2.3 times with 16.)";

Section laws() {
  Section section{
      .heading = "The laws",
      .text =
          "Scaled so that P workers who never wait make P gradients in a unit of "
          "time. NBU: a job that has run for a while has less left than a new one; "
          "NWU: more ([delays](../delays.md#ageing-does-it-pay-to-cancel-a-straggler))."};
  add_law_table(section);
  return section;
}

Section winners(const std::vector<CellOfMap>& cells, bool tuned) {
  Section section;
  section.heading = tuned ? "The best step size of each" : "One step size for all";
  section.text = tuned ? tuned_text : same_text;
  section.pictures = {winners_picture(cells, tuned, planner())};
  add_winners_table(section, cells, tuned, planner());
  return section;
}

Section predictions(const std::vector<CellOfMap>& cells) {
  Section section{.heading = "Prediction", .text = prediction_text};
  section.text += " " + fitted_text(cells, true) + " updates at the best step sizes, " +
                  fitted_text(cells, false) + " at one." + baseline_text;
  add_score_table(section, cells);
  return section;
}

Section time_alone(const std::vector<CellOfMap>& cells) {
  Section section{.heading = "Time alone", .text = time_text};
  section.pictures = {throughput_picture(cells)};
  add_runtime_table(section, cells);
  return section;
}

}  // namespace

std::string original_text() {
  return R"(The paper compares its variants on workers that are all alike, and trains under
exponential and shifted exponential times. Here the same race is run under 14 laws and fleets, from
times that hardly vary to heavy tails, unlike workers, slow states and links, with 4 to 32 workers:
which variant reaches the target first, how many times as fast as sync, and does theory know?)";
}

std::string settings_text() {
  return R"(Softmax regression on MNIST (`softmax(lambda=0.01)`, 7,850 parameters, batches of 4)
until the training loss, 2.34 at the start, is 0.55, on 500 fixed samples, by the median of five
evaluations ([concepts](../concepts.md#evaluation)).

Candidates: sync; async; K-sync, K-batch-sync, K-async and K-batch-async with K = P/4 and P/2, but
not 1; K-sync with K = 1. Other K may be better still, above all between 1 and P/4 of 32. The one
step size for all is 0.01. The best one of each is that of 0.0025, 0.005, ..., 0.16 with the
smallest mean time on seeds of its own; who was twice as slow as the best there is not raced.
Nobody but sync is followed for longer than 2.5 times the best so far. All candidates of a cell
share the luck of a seed. A cell makes up to 400 short runs.

A cell counts as decided where the 95 % interval of the paired difference over the seeds (Student's
t) lies on one side of 0; a candidate that did not arrive counts with the limit of its run.)";
}

Chapter chapter(const Results& results) {
  const std::vector<CellOfMap> cells = cells_of(results);
  Chapter chapter;
  chapter.claims = claims(cells);
  if (cells.empty()) return chapter;
  chapter.sections = {winners(cells, true),  Section{.heading = "Why", .text = why_text},
                      winners(cells, false), predictions(cells),
                      time_alone(cells),     laws()};
  return chapter;
}

}  // namespace syncline::repro::law_map
