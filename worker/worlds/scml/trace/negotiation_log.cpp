#include "worker/worlds/scml/trace/negotiation_log.hpp"

#include <algorithm>

#include "worker/worlds/scml/trace/python_text.hpp"

namespace joust::worlds::scml {
namespace {

using End = NegotiationObserver::End;

std::string python_issues(const Issues& issues) {
  const auto issue = [](std::string_view name, const Issue& range) {
    return fmt::format("{}: ({}, {})", name, range.low, range.high);
  };
  return python_list({issue("quantity", issues.quantity), issue("time", issues.day),
                      issue("unit_price", issues.unit_price)});
}

}  // namespace

NegotiationLog::NegotiationLog(const Cast& cast, int rounds) : cast_(cast), rounds_(rounds) {
  text_ = csv_line({"index",
                    "id",
                    "partner_ids",
                    "partners",
                    "partner_types",
                    "requested_at",
                    "ended_at",
                    "mechanism_type",
                    "issues",
                    "final_status",
                    "failed",
                    "agreement",
                    "group",
                    "caller",
                    "product",
                    "is_buy",
                    "buyer",
                    "seller",
                    "sim_step",
                    "running",
                    "waiting",
                    "started",
                    "step",
                    "relative_time",
                    "broken",
                    "timedout",
                    "agreement_neg",
                    "results",
                    "n_negotiators",
                    "has_error",
                    "error_details",
                    "erred_negotiator",
                    "erred_agent",
                    "threads",
                    "last_thread",
                    "current_offer",
                    "current_proposer",
                    "current_proposer_agent",
                    "n_acceptances",
                    "last_negotiator",
                    "current_data",
                    "offers",
                    "ended_by",
                    "refused_offer"});
}

void NegotiationLog::open(int number, const NegotiationObserver::Opening& opening) {
  today_.resize(static_cast<std::size_t>(number) + 1);
  today_.back().opening = opening;
  ++totals_.opened;
}

void NegotiationLog::propose(int number, int factory, const Offer& offer) {
  Negotiation& negotiation = today_[static_cast<std::size_t>(number)];
  negotiation.last_proposer = factory == negotiation.opening.opener ? 0 : 1;
  negotiation.offers[negotiation.last_proposer].push_back(offer);
}

void NegotiationLog::refuse(int number, const Offer& offer) {
  today_[static_cast<std::size_t>(number)].refused = offer;
}

void NegotiationLog::end(int day, int number, End end, int rounds, int factory) {
  const bool agreed = end == End::agreed;
  ++(agreed ? totals_.agreed : totals_.failed);
  (agreed ? totals_.agreed_rounds : totals_.failed_rounds) += rounds + 1;
  write(negotiation(number), {day, number, end, rounds, factory});
}

void NegotiationLog::end_day() {
  today_.clear();
  totals_ = {};
}

void NegotiationLog::write(const Negotiation& negotiation, const Ending& ending) {
  const bool agreed = ending.end == End::agreed;
  const std::string offer =
      negotiation.last_proposer < 0 ? "" : python_text(negotiation.last_offer());
  CsvRow row;
  row.integer(rows_++).text(trace_id(cast_.task, ending.day, 'n', ending.number));
  write_parties(row, negotiation);
  row.count(ending.day).count(ending.day).plain("SAOMechanism");
  row.text(python_issues(negotiation.opening.issues));
  row.plain(agreed ? "succeeded" : "failed").plain(python_text(!agreed));
  row.text(agreed ? offer : "None").empty().text(player(negotiation.opening.opener).name);
  row.count(negotiation.opening.product).plain(python_text(negotiation.opening.opener_buys));
  row.text(player(negotiation.buyer()).name).text(player(negotiation.seller()).name);
  row.count(ending.day);
  write_state(row, negotiation, ending);
  write_offers(row, negotiation, ending);
  text_ += row.finish();
}

void NegotiationLog::write_parties(CsvRow& row, const Negotiation& negotiation) const {
  const Player& opener = player(negotiation.opening.opener);
  const Player& responder = player(negotiation.opening.responder);
  const std::string names = python_list({opener.name, responder.name});
  row.text(names).text(names).text(python_list({opener.type, responder.type}));
}

// The state of the mechanism when it ended.
void NegotiationLog::write_state(CsvRow& row, const Negotiation& negotiation,
                                 const Ending& ending) const {
  const bool agreed = ending.end == End::agreed;
  row.plain(python_text(false)).plain(python_text(false)).plain(python_text(true));
  row.count(ending.rounds).number(std::min(1.0, (ending.rounds + 1.0) / (rounds_ + 1.0)));
  row.plain(python_text(ending.end == End::broken));
  row.plain(python_text(ending.end == End::timed_out));
  if (agreed) {
    row.text(python_text(negotiation.last_offer()));
  } else {
    row.empty();
  }
  row.empty().count(2).plain(python_text(false)).empty(3).plain("{}").empty();
}

void NegotiationLog::write_offers(CsvRow& row, const Negotiation& negotiation,
                                  const Ending& ending) const {
  const NegotiationObserver::Opening& opening = negotiation.opening;
  const std::string& opener = player(opening.opener).name;
  const std::string& responder = player(opening.responder).name;
  if (negotiation.last_proposer < 0) {
    row.empty(3).count(0).empty(2);
  } else {
    const std::string& proposer = negotiation.last_proposer == 0 ? opener : responder;
    row.text(python_text(negotiation.last_offer())).text(proposer).empty();
    row.count(ending.end == End::agreed ? 2 : 1).text(proposer).empty();
  }
  row.text(fmt::format("{{{}: {}, {}: {}}}", python_text(opener),
                       python_text(negotiation.offers[0]), python_text(responder),
                       python_text(negotiation.offers[1])));
  row.text(ending.factory < 0 ? std::string_view() : player(ending.factory).name);
  row.text(negotiation.refused ? python_text(*negotiation.refused) : "");
}

}  // namespace joust::worlds::scml
