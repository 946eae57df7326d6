#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/dataset.hpp"

namespace syncline {
namespace {

std::vector<std::int32_t> labels_of(std::size_t count, std::size_t classes) {
  std::vector<std::int32_t> labels(count);
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>(i % classes);
  return labels;
}

std::vector<std::uint32_t> draw(const Sampler& sampler, std::uint32_t worker, std::uint64_t job,
                                std::size_t size) {
  std::vector<std::uint32_t> batch(size);
  sampler.draw(worker, job, batch);
  return batch;
}

using Shards = std::vector<std::vector<std::uint32_t>>;

Shards divide(const std::string& text, std::span<const std::int32_t> labels, std::size_t classes,
              std::uint32_t workers, std::uint64_t seed) {
  const Spec spec = parse_spec(text);
  const auto& entry = partitions().find(spec.name);
  return entry.make(Arguments(spec, entry.parameters), labels, classes, workers, seed);
}

/// Disjoint and covering: every number exactly once.
bool is_partition(const Shards& shards, std::size_t count) {
  std::vector<std::uint32_t> all;
  for (const auto& shard : shards) all.insert(all.end(), shard.begin(), shard.end());
  std::sort(all.begin(), all.end());
  std::vector<std::uint32_t> expected(count);
  std::iota(expected.begin(), expected.end(), 0U);
  return all == expected;
}

TEST_CASE("partition texts, checked before there is data, are refused as a sampler refuses them") {
  for (const char* text : {"iid", "shards", "dirichlet", "dirichlet(alpha=1e-6)"}) {
    CAPTURE(text);
    CHECK_NOTHROW(check_partition(text));
  }
  for (const char* text : {"shard", "dirichlet(alpha=0)", "dirichlet(alpha=-1)",
                           "dirichlet(alpha=nan)", "iid(alpha=1)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(check_partition(text), ConfigError);
    CHECK_THROWS_AS(Sampler(text, labels_of(100, 10), 10, 4, 7), ConfigError);
  }
}

TEST_CASE("i.i.d. batches are uniform over all samples, for every worker alike") {
  const std::size_t bins = 50;
  const Sampler sampler("iid", labels_of(bins, 10), 10, 4, 7);
  std::vector<double> counts(bins);
  const std::size_t jobs = 2000, size = 32;
  for (std::uint32_t worker = 0; worker < 4; ++worker) {
    CHECK(sampler.available(worker) == bins);
    for (std::uint64_t job = 0; job < jobs; ++job) {
      for (const auto sample : draw(sampler, worker, job, size)) ++counts.at(sample);
    }
  }
  const double expected = 4.0 * jobs * size / bins;
  double chi_square = 0;
  for (const double count : counts)
    chi_square += (count - expected) * (count - expected) / expected;
  // Chi-square with 49 degrees of freedom: mean 49, standard deviation sqrt(98).
  CHECK(std::abs(chi_square - 49) < 4.5 * std::sqrt(98.0));
}

TEST_CASE("batches depend on seed, worker and job alone") {
  CHECK(rc::check("same key, same batch; another key, another batch", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto worker = *rc::gen::inRange<std::uint32_t>(0, 8);
    const auto job = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000);
    const auto partition = *rc::gen::element<std::string>("iid", "shards", "dirichlet(alpha=1)");
    const auto labels = labels_of(2000, 10);
    const Sampler sampler(partition, labels, 10, 8, seed);
    const Sampler twin(partition, labels, 10, 8, seed);
    const auto batch = draw(sampler, worker, job, 32);
    (void)draw(twin, (worker + 1) % 8, job + 5, 7);  // earlier draws must leave no trace
    RC_ASSERT(draw(twin, worker, job, 32) == batch);
    RC_ASSERT(draw(sampler, worker, job + 1, 32) != batch);
    RC_ASSERT(draw(sampler, (worker + 1) % 8, job, 32) != batch);
    RC_ASSERT(draw(Sampler(partition, labels, 10, 8, seed + 1), worker, job, 32) != batch);
  }));
}

TEST_CASE("shards are disjoint, cover everything, and differ by at most one sample in size") {
  CHECK(rc::check("equal shards", [] {
    const auto workers = *rc::gen::inRange<std::uint32_t>(1, 40);
    const auto count = *rc::gen::inRange<std::size_t>(workers, 500);
    const auto shards =
        divide("shards", labels_of(count, 3), 3, workers, *rc::gen::arbitrary<std::uint64_t>());
    RC_ASSERT(is_partition(shards, count));
    for (const auto& shard : shards) {
      RC_ASSERT(shard.size() >= count / workers);
      RC_ASSERT(shard.size() <= count / workers + 1);
    }
  }));
}

TEST_CASE("Dirichlet partition is disjoint, covers everything, and leaves nobody empty") {
  CHECK(rc::check("any alpha", [] {
    const auto workers = *rc::gen::inRange<std::uint32_t>(1, 30);
    const auto count = *rc::gen::inRange<std::size_t>(workers, 400);
    const auto alpha = *rc::gen::element<std::string>("0.0001", "0.1", "1", "1000");
    const auto shards = divide("dirichlet(alpha=" + alpha + ")", labels_of(count, 10), 10, workers,
                               *rc::gen::arbitrary<std::uint64_t>());
    RC_ASSERT(is_partition(shards, count));
    for (const auto& shard : shards) RC_ASSERT(!shard.empty());
  }));
}

TEST_CASE("Dirichlet shares have the mean and variance of their law") {
  const std::uint32_t workers = 5;
  const std::size_t per_class = 400, classes = 10000;
  const auto labels = labels_of(per_class * classes, classes);
  for (const double alpha : {0.3, 4.0}) {
    const auto shards =
        divide("dirichlet(alpha=" + std::to_string(alpha) + ")", labels, classes, workers, 3);
    // The share of worker 0 in each class is one draw of Beta(alpha, 4 alpha), rounded to 1/400.
    std::vector<double> shares(classes);
    for (const auto sample : shards[0]) shares[sample % classes] += 1.0 / per_class;
    const double p = 1.0 / workers, n = classes;
    double mean = 0, square = 0, fourth = 0;
    for (const double share : shares) {
      mean += share / n;
      square += std::pow(share - p, 2) / n;
      fourth += std::pow(share - p, 4) / n;
    }
    const double variance = p * (1 - p) / (workers * alpha + 1);
    CHECK(std::abs(mean - p) < 4.5 * std::sqrt(square / n));
    CHECK(std::abs(square - variance) < 4.5 * std::sqrt((fourth - square * square) / n));
  }
}

TEST_CASE("divided batches come from the worker's own shard and reach all of it") {
  const auto labels = labels_of(120, 10);
  const auto shards = divide("shards", labels, 10, 6, 11);
  const Sampler sampler("shards", labels, 10, 6, 11);
  for (std::uint32_t worker = 0; worker < 6; ++worker) {
    CHECK(sampler.available(worker) == 20);
    std::set<std::uint32_t> seen;
    for (std::uint64_t job = 0; job < 100; ++job) {
      const auto batch = draw(sampler, worker, job, 16);
      seen.insert(batch.begin(), batch.end());
    }
    CHECK(seen == std::set<std::uint32_t>(shards[worker].begin(), shards[worker].end()));
  }
}

TEST_CASE("impossible partitions are refused") {
  const auto labels = labels_of(3, 3);
  CHECK_THROWS_AS(Sampler("shards", labels, 3, 4, 1), ConfigError);
  CHECK_THROWS_AS(Sampler("dirichlet", labels, 3, 4, 1), ConfigError);
  CHECK_THROWS_AS(Sampler("dirichlet(alpha=0)", labels, 3, 2, 1), ConfigError);
  CHECK_THROWS_AS(Sampler("iid", {}, 3, 4, 1), ConfigError);
  CHECK_THROWS_AS(Sampler("iid", labels, 3, 0, 1), ConfigError);
  CHECK_THROWS_WITH_AS(Sampler("shard", labels, 3, 2, 1), doctest::Contains("'shards'"),
                       ConfigError);
}

}  // namespace
}  // namespace syncline
