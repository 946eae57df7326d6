#include "policy/automatic/automatic.hpp"
#include "policy/entries.hpp"
#include "policy/k_variants/adasync.hpp"
#include "policy/k_variants/auto_k.hpp"
#include "policy/k_variants/horizon_k.hpp"
#include "policy/k_variants/k_variant.hpp"

namespace syncline {
namespace {

constexpr const char* paper = "Dutta, Wang, Joshi, arXiv 2003.10579";

/// The four general variants, which `adasync(base=...)` also takes.
struct Variant {
  const char* name;
  Count count;
  Rest rest;
  const char* summary;
};

constexpr Variant variants[] = {
    {"k-sync", Count::workers, Rest::cancel,
     "step on the first K of P workers, cancel the rest, restart all"},
    {"k-batch-sync", Count::batches, Rest::cancel,
     "step on the first K mini-batches from anyone, cancel the rest, restart all"},
    {"k-async", Count::workers, Rest::keep,
     "step on the first K of P workers; the rest run on and push stale gradients"},
    {"k-batch-async", Count::batches, Rest::keep,
     "step on the first K mini-batches from anyone; the rest run on"},
};

const Variant& find_variant(const Arguments& arguments, std::string_view parameter) {
  for (const auto& variant : variants) {
    if (arguments.text(parameter) == variant.name) return variant;
  }
  arguments.refuse(parameter, "must be k-sync, k-batch-sync, k-async or k-batch-async");
}

void check_k(const Arguments& arguments, std::string_view parameter, Count count, std::uint64_t k,
             std::uint32_t workers) {
  if (count == Count::workers && k > workers) {
    arguments.refuse(parameter,
                     "can't be above the number of workers, " + std::to_string(workers) +
                         ": the server would wait for ever; the batch variants take more");
  }
}

std::unique_ptr<Policy> make_variant(const Variant& variant, const Arguments& arguments,
                                     const PolicyContext& context) {
  const std::uint64_t k = arguments.at_least_one("k");
  check_k(arguments, "k", variant.count, k, context.workers);
  const Rest rest = variant.rest == Rest::cancel ? rest_of(arguments) : variant.rest;
  return std::make_unique<KVariant>(variant.count, rest, k, nullptr, context);
}

AdaSync::Rule choose_rule(const Arguments& arguments, Count count) {
  const std::string& word = arguments.text("rule");
  if (word == "square-root") return AdaSync::Rule::square_root;
  if (word == "quadratic") return AdaSync::Rule::quadratic;
  if (word == "general") return AdaSync::Rule::general;
  if (word != "auto") {
    arguments.refuse("rule", "must be auto, square-root, quadratic or general");
  }
  return count == Count::batches ? AdaSync::Rule::square_root : AdaSync::Rule::quadratic;
}

std::unique_ptr<Policy> make_adasync(const Arguments& arguments, const PolicyContext& context) {
  const Variant& variant = find_variant(arguments, "base");
  AdaSync::Settings settings;
  settings.k0 = arguments.at_least_one("k0");
  check_k(arguments, "k0", variant.count, settings.k0, context.workers);
  settings.interval = arguments.positive("interval");
  settings.workers = context.workers;
  settings.k_max = arguments.whole("k_max");
  if (settings.k_max == 0) settings.k_max = std::max<std::uint64_t>(context.workers, settings.k0);
  check_k(arguments, "k_max", variant.count, settings.k_max, context.workers);
  if (settings.k_max < settings.k0) arguments.refuse("k_max", "can't be below k0");
  settings.monotone = arguments.boolean("monotone");
  settings.rule = choose_rule(arguments, variant.count);
  if (settings.rule == AdaSync::Rule::quadratic && settings.k0 > context.workers) {
    arguments.refuse("k0", "can't be above the number of workers with the quadratic rule");
  }
  if (settings.rule == AdaSync::Rule::general) {
    if (!context.runtimes) {
      arguments.refuse("rule", "needs a fleet whose runtimes are known");
    }
    // Every K up to the largest is simulated and remembered.
    constexpr std::uint64_t most = 100'000;
    if (settings.k_max > most) {
      arguments.refuse("k_max", "must be 1 to " + std::to_string(most) +
                                    " with the general rule, which simulates the fleet at each K "
                                    "(0 is P, here " +
                                    std::to_string(context.workers) + ")");
    }
    settings.runtimes = context.runtimes(variant.name, settings.k_max);
  }
  const std::uint64_t k0 = settings.k0;
  return std::make_unique<KVariant>(variant.count, variant.rest, k0,
                                    std::make_unique<AdaSync>(std::move(settings)), context);
}

std::unique_ptr<UpdateTimes> make_times(const Variant& variant) {
  if (variant.rest == Rest::cancel) {
    return std::make_unique<RoundTimes>(variant.count == Count::workers);
  }
  if (variant.count == Count::batches) return std::make_unique<PushRate>();
  return std::make_unique<ReplayedTimes>();
}

/// What the schedules that measure have in common: bounds, and the step size factor.
template <class Settings>
Settings measuring_settings(const Variant& variant, const Arguments& arguments,
                            const PolicyContext& context) {
  Settings settings;
  settings.workers = context.workers;
  settings.k_min = arguments.at_least_one("k_min");
  check_k(arguments, "k_min", variant.count, settings.k_min, context.workers);
  settings.k_max = arguments.whole("k_max");
  if (settings.k_max == 0)
    settings.k_max = std::max<std::uint64_t>(context.workers, settings.k_min);
  check_k(arguments, "k_max", variant.count, settings.k_max, context.workers);
  if (settings.k_max < settings.k_min) arguments.refuse("k_max", "can't be below k_min");
  settings.step_size_factor = context.step_size_factor;
  return settings;
}

template <class Schedule>
std::unique_ptr<Policy> measuring_variant(const Variant& variant,
                                          typename Schedule::Settings settings,
                                          const PolicyContext& context) {
  // At K = 1 the sync variants learn nothing about what waiting costs.
  const std::uint64_t start = std::clamp(std::max<std::uint64_t>(2, (settings.workers + 7) / 8),
                                         settings.k_min, settings.k_max);
  return std::make_unique<KVariant>(
      variant.count, variant.rest, start,
      std::make_unique<Schedule>(std::move(settings), make_times(variant)), context);
}

/// Refuses what does nothing with this base.
void check_unused(const Arguments& arguments, std::string_view parameter,
                  std::string_view otherwise, const char* why) {
  if (arguments.text(parameter) != otherwise) arguments.refuse(parameter, why);
}

std::unique_ptr<Policy> make_automatic(const Arguments& arguments, const PolicyContext& context) {
  constexpr const char* why =
      "is for one base; with base=all, auto finds its K and times by itself";
  check_unused(arguments, "interval", "16", why);
  check_unused(arguments, "k_min", "1", why);
  check_unused(arguments, "k_max", "0", why);
  const std::string& steps = arguments.text("steps");
  if (steps != "given" && steps != "fitted") arguments.refuse("steps", "must be given or fitted");
  return std::make_unique<Automatic>(
      steps == "given" ? Automatic::Steps::given : Automatic::Steps::fitted, context);
}

std::unique_ptr<Policy> make_auto(const Arguments& arguments, const PolicyContext& context) {
  if (arguments.text("base") == "all") return make_automatic(arguments, context);
  check_unused(arguments, "steps", "fitted", "is for base=all");
  const Variant& variant = find_variant(arguments, "base");
  auto settings = measuring_settings<AutoK::Settings>(variant, arguments, context);
  settings.interval = arguments.at_least_one("interval");
  return measuring_variant<AutoK>(variant, std::move(settings), context);
}

std::unique_ptr<Policy> make_horizon(const Arguments& arguments, const PolicyContext& context) {
  const Variant& variant = find_variant(arguments, "base");
  auto settings = measuring_settings<HorizonK::Settings>(variant, arguments, context);
  settings.horizon = arguments.positive("horizon");
  return measuring_variant<HorizonK>(variant, std::move(settings), context);
}

std::vector<Parameter> variant_parameters(const Variant& variant) {
  std::vector<Parameter> parameters = {{"k",
                                        variant.count == Count::workers
                                            ? "workers to wait for, 1..P"
                                            : "mini-batches to wait for, 1 or more; may exceed P",
                                        std::nullopt}};
  if (variant.rest == Rest::cancel) {
    parameters.push_back(
        {"rest", "what unfinished jobs do: cancel, or finish (they run on and are dropped)",
         "cancel"});
  }
  return parameters;
}

}  // namespace

std::vector<PolicyEntry> k_variant_policies() {
  std::vector<PolicyEntry> entries;
  entries.push_back({"sync",
                     "wait for all P workers: K-sync with K = P",
                     paper,
                     {},
                     [](const Arguments&, const PolicyContext& context) {
                       return std::make_unique<KVariant>(Count::workers, Rest::cancel,
                                                         context.workers, nullptr, context);
                     }});
  for (const auto& variant : variants) {
    entries.push_back({variant.name, variant.summary, paper, variant_parameters(variant),
                       [&variant](const Arguments& arguments, const PolicyContext& context) {
                         return make_variant(variant, arguments, context);
                       }});
  }
  entries.push_back({"async",
                     "step on every push: K-async with K = 1",
                     paper,
                     {},
                     [](const Arguments&, const PolicyContext& context) {
                       return std::make_unique<KVariant>(Count::batches, Rest::keep, 1, nullptr,
                                                         context);
                     }});
  entries.push_back(
      {"adasync",
       "a K-variant that raises K as the training loss falls",
       paper,
       {{"base", "k-sync, k-batch-sync, k-async or k-batch-async", "k-async"},
        {"k0", "K at the start", "1"},
        {"interval", "time between decisions; K changes at the first update after each", "60"},
        {"rule",
         "auto (quadratic where workers are counted, else square-root), or either, or "
         "general (finite differences of the fleet's own simulated runtimes)",
         "auto"},
        {"k_max", "the largest K; 0 is P. Only the batch variants may go beyond P", "0"},
        {"monotone", "never lower K", "true"}},
       make_adasync});
  entries.push_back(
      {"auto",
       "chooses among the policies, or K of one variant, by what it measures: noise and durations",
       "time complexities of arXiv 2305.12387; for K, the inequality of 2003.10579; docs/auto.md",
       {{"base", "all, or k-sync, k-batch-sync, k-async or k-batch-async, to choose only K", "all"},
        {"interval", "for one base: gradients of each worker, on average, between decisions", "16"},
        {"k_min", "for one base: the smallest K", "1"},
        {"k_max", "likewise the largest; 0 is P. Only the batch variants may go beyond P", "0"},
        {"steps",
         "for all: fitted, in the theory's proportion to the configured one; or given, that one",
         "fitted"}},
       make_auto});
  entries.push_back(
      {"horizon",
       "a K-variant that sets K by the progress and the noise floor that it measures",
       "the bound behind AdaSync, arXiv 2003.10579; docs/horizon.md",
       {{"base", "k-sync, k-batch-sync, k-async or k-batch-async", "k-async"},
        {"horizon", "how far ahead K is chosen for, over the time that has passed", "1"},
        {"k_min", "the smallest K", "1"},
        {"k_max", "the largest K; 0 is P. Only the batch variants may go beyond P", "0"}},
       make_horizon});
  return entries;
}

}  // namespace syncline
