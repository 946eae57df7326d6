#include "syncline/ageing.hpp"

#include <cmath>
#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

std::string class_of(const std::string& law) {
  return ageing_name(ageing_class(*make_delay_law(law)));
}

TEST_CASE("ageing class, each law, is that of its shape") {
  CHECK(class_of("exponential(rate=1)") == "both");
  CHECK(class_of("shifted-exponential(shift=1, rate=1)") == "NBU");
  CHECK(class_of("shifted-exponential(shift=0, rate=1)") == "both");
  CHECK(class_of("weibull(shape=2, scale=1)") == "NBU");
  CHECK(class_of("weibull(shape=1, scale=1)") == "both");
  CHECK(class_of("weibull(shape=0.5, scale=1)") == "NWU");
  CHECK(class_of("gamma(shape=2, scale=1)") == "NBU");
  CHECK(class_of("gamma(shape=0.5, scale=1)") == "NWU");
  CHECK(class_of("uniform(low=0, high=1)") == "NBU");
  CHECK(class_of("constant(value=1)") == "NBU");
  CHECK(class_of("hyperexponential(p=0.5, mean1=1, mean2=2)") == "NWU");
  CHECK(class_of("hyperexponential(p=1, mean1=1, mean2=2)") == "both");
  CHECK(class_of("pareto(scale=1, shape=2)") == "neither");
  CHECK(class_of("lognormal(mu=0, sigma=1)") == "neither");
}

TEST_CASE("ageing class of measured times, thousands of draws, is that of their law") {
  const testing::TemporaryFolder folder;
  const auto measured = [&](const std::string& law) {
    const auto file = folder.path() / "times.txt";
    std::ofstream out(file);
    const auto source = make_delay_law(law);
    for (std::uint64_t i = 0; i < 4000; ++i) out << source->sample(DrawKey{3, 0, i}) << "\n";
    out.close();
    return ageing_class(*make_delay_law("empirical(file=" + file.string() + ")"));
  };
  for (const auto& [law, name] : {std::pair{"exponential(rate=1)", "both"},
                                  {"shifted-exponential(shift=1, rate=1)", "NBU"},
                                  {"gamma(shape=3, scale=1)", "NBU"},
                                  {"weibull(shape=0.6, scale=1)", "NWU"},
                                  {"hyperexponential(p=0.9, mean1=0.5, mean2=5.5)", "NWU"},
                                  {"pareto(scale=1, shape=1.5)", "neither"}}) {
    CAPTURE(law);
    const AgeingClass ageing = measured(law);
    CHECK(ageing_name(ageing) == name);
    CHECK(ageing.numeric);
    CHECK(ageing.tolerance > 0);
  }
}

TEST_CASE("ageing class of a fleet, unlike workers, is what holds for all") {
  const auto of = [](const std::string& fleet) {
    return ageing_name(ageing_class(DelayProfile::parse(fleet, 2)));
  };
  CHECK(of("1*exponential(rate=1),1*gamma(shape=2, scale=1)") == "NBU");
  CHECK(of("1*exponential(rate=1),1*gamma(shape=0.5, scale=1)") == "NWU");
  CHECK(of("1*gamma(shape=2, scale=1),1*gamma(shape=0.5, scale=1)") == "neither");
}

TEST_CASE("ageing sentence, each class, says whether cancelling helps") {
  const auto sentence = [](const std::string& law) {
    return ageing_sentence(ageing_class(*make_delay_law(law)));
  };
  CHECK(sentence("gamma(shape=2, scale=1)").find("wastes work") != std::string::npos);
  CHECK(sentence("gamma(shape=0.5, scale=1)").find("helps here") != std::string::npos);
  CHECK(ageing_orderings({true, false}).size() == 4);
  CHECK(ageing_orderings({true, true}).size() == 6);
  CHECK(ageing_orderings({}).size() == 2);
  // A handful of measured times refutes neither sign, which is no proof of both.
  const AgeingClass unknown{true, true, true, 4};
  CHECK(ageing_sentence(unknown).find("do not show") != std::string::npos);
  CHECK(ageing_orderings(unknown).size() == 2);
}

}  // namespace
}  // namespace syncline
