"""A OneShot factory that asks each partner for all it still needs, at its best price, and takes what fits."""
from joust import agent

@agent.oneshot
class Modest:
    def act(self, desk, talks):
        return [self.reply(desk, talk) for talk in talks]

    def reply(self, desk, talk):
        need = desk.needed(talk.selling)
        if need <= 0:
            return agent.END
        if talk.offer and talk.offer.quantity <= need:
            return agent.ACCEPT
        issues = desk.issues(talk.selling)
        price = issues.unit_price.high if talk.selling else issues.unit_price.low
        return agent.Offer(min(need, issues.quantity.high), desk.terms.day, price)
