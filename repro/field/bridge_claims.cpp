#include "field/bridge_claims.hpp"

#include <algorithm>

#include "field/bridge_runs.hpp"
#include "words.hpp"

namespace syncline::repro {
namespace {

using Keys = std::vector<std::string>;

std::optional<NodeScores> scores(const Results& results, const std::string& mixing,
                                 const std::string& fault) {
  return scores_of(results, mixing_named(mixing), fault_named(fault));
}

double lowest(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

std::string name(const std::string& mixing, const std::string& fault) {
  return mixing_named(mixing).title + ", " + fault_named(fault).title;
}

/// DGD without a screen falls below half of what it has without faulty nodes, on every seed.
void add_collapse(std::vector<Claim>& claims, const Results& results) {
  const auto free = scores(results, "dgd", "none"), faulty = scores(results, "dgd", "uniform");
  if (!free || !faulty || free->diverged || faulty->diverged) return;
  const double highest = *std::max_element(faulty->mean.begin(), faulty->mean.end());
  claims.push_back(
      {"two nodes of twenty that send numbers uniform on (-1, 0) bring DGD below half "
       "of its accuracy, on every seed",
       "paper", highest < 0.5 * summarise(free->mean).mean,
       with_error(summarise(faulty->mean)) + " %, highest " + number(highest) + " %, against " +
           with_error(summarise(free->mean)) + " % without"});
}

/// A mixing under each of these faults is at most so many points below what DGD has without them,
/// in the mean over the seeds; and so is its worst node.
void add_near(std::vector<Claim>& claims, const Results& results, const std::string& mixing,
              const Keys& faults, double points, const std::string& text, const std::string& source,
              bool expected = true) {
  const auto free = scores(results, "dgd", "none");
  if (!free || free->diverged) return;
  const double bar = summarise(free->mean).mean - points;
  Claim claim{text, source, true, "DGD without faulty nodes " + with_error(summarise(free->mean))};
  claim.expected = expected;
  for (const std::string& fault : faults) {
    const auto here = scores(results, mixing, fault);
    if (!here) return;
    if (here->diverged) {
      claim.holds = false;
      claim.evidence += "; " + name(mixing, fault) + " diverged";
      continue;
    }
    claim.holds =
        claim.holds && summarise(here->mean).mean >= bar && summarise(here->worst).mean >= bar;
    claim.evidence += "; " + name(mixing, fault) + " " + with_error(summarise(here->mean)) +
                      ", worst node " + with_error(summarise(here->worst));
  }
  claims.push_back(std::move(claim));
}

/// Each of these faults costs DGD so many points or more, or ends it.
void add_harm(std::vector<Claim>& claims, const Results& results, const Keys& faults,
              double points) {
  const auto free = scores(results, "dgd", "none");
  if (!free || free->diverged) return;
  const double bar = summarise(free->mean).mean - points;
  Claim claim{
      "without a screen every other attack costs 20 points or more, a-little-is-enough "
      "aside",
      "here", true, "DGD without faulty nodes " + with_error(summarise(free->mean))};
  for (const std::string& fault : faults) {
    const auto here = scores(results, "dgd", fault);
    if (!here) return;
    claim.holds = claim.holds && (here->diverged || summarise(here->mean).mean <= bar);
    claim.evidence += "; " + fault_named(fault).title + " " +
                      (here->diverged ? "diverged" : with_error(summarise(here->mean)));
  }
  claims.push_back(std::move(claim));
}

/// A screen that averages little, among honest nodes: ruined on some seed by the large step,
/// unharmed by the small one.
void add_unstable(std::vector<Claim>& claims, const Results& results, const std::string& mixing) {
  const auto here = scores(results, mixing, "none"), dgd = scores(results, "dgd", "none");
  const auto slow = scores(results, mixing, "small-step");
  const auto base = scores(results, "dgd", "small-step");
  if (!here || !dgd || !slow || !base) return;
  if (here->diverged || dgd->diverged || slow->diverged || base->diverged) return;
  const double lost = lowest(dgd->mean) - lowest(here->mean);
  const double slow_lost = summarise(base->mean).mean - summarise(slow->mean).mean;
  claims.push_back({"among honest nodes " + mixing_named(mixing).title +
                        " loses 10 points or more on its worst seed at rho = 0.05, and less than 1 "
                        "in the mean at rho = 0.01",
                    "here", lost >= 10 && slow_lost < 1,
                    "worst seeds " + number(lowest(here->mean)) + " and DGD's " +
                        number(lowest(dgd->mean)) + "; at rho = 0.01 " +
                        with_error(summarise(slow->mean)) + " and DGD " +
                        with_error(summarise(base->mean))});
}

}  // namespace

std::vector<Claim> bridge_claims(const Results& results) {
  const Keys attacks = {"uniform",       "random", "sign-flip", "reversal",
                        "inner-product", "little", "nan"};
  std::vector<Claim> claims;
  add_collapse(claims, results);
  add_near(claims, results, "trimmed-mean", {"uniform"}, 2,
           "the trimmed mean then stays within 2 points of DGD without faulty nodes, and so does "
           "its worst node",
           "paper");
  add_near(
      claims, results, "trimmed-mean", attacks, 3,
      "nothing that two nodes send here takes the trimmed mean 3 points below DGD without them",
      "here");
  // With the NaN left out it is among honest nodes, and as unstable as there.
  add_near(claims, results, "median", attacks, 4, "nor the median 4 points", "here", false);
  add_near(claims, results, "bulyan", attacks, 2, "nor Bulyan 2 points", "here");
  add_harm(claims, results, {"uniform", "random", "sign-flip", "reversal", "inner-product", "nan"},
           20);
  add_near(claims, results, "trimmed-mean", {"none"}, 1,
           "among honest nodes the trimmed mean costs less than 1 point", "here");
  add_unstable(claims, results, "krum");
  add_unstable(claims, results, "median");
  return claims;
}

}  // namespace syncline::repro
