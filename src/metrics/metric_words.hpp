#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "trace/run_picture.hpp"

namespace syncline {

// Label values that writer and reader of the metrics share.

using AccountEntry = std::uint64_t Account::*;
using MetricsEntry = double Metrics::*;

/// Payloads that are done with, by syncline_gradients_total{outcome}.
inline constexpr std::array<std::pair<std::string_view, AccountEntry>, 4> account_outcomes = {
    {{"applied", &Account::applied},
     {"dropped", &Account::dropped},
     {"cancelled", &Account::cancelled},
     {"lost", &Account::lost}}};

/// Payloads that are not, by syncline_gradients{state}.
inline constexpr std::array<std::pair<std::string_view, AccountEntry>, 2> account_states = {
    {{"held", &Account::held}, {"in_flight", &Account::in_flight}}};

/// By syncline_evaluation{metric}.
inline constexpr std::array<std::pair<std::string_view, MetricsEntry>, 4> evaluation_metrics = {
    {{"test_error", &Metrics::test_error},
     {"test_loss", &Metrics::test_loss},
     {"train_loss", &Metrics::train_loss},
     {"train_error", &Metrics::train_error}}};

/// By syncline_worker_state{state}.
inline constexpr std::array<std::pair<std::string_view, WorkerPicture::State>, 3> worker_states = {
    {{"computing", WorkerPicture::State::computing},
     {"parked", WorkerPicture::State::parked},
     {"down", WorkerPicture::State::down}}};

}  // namespace syncline
