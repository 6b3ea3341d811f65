"""Every use case, wired with what it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from bot.carriers.base import Carrier
from bot.channels.base import Channel
from bot.domain.clock import Clock
from bot.domain.templates import Mapped
from bot.services.account import Account
from bot.services.announce_outcome import AnnounceOutcome
from bot.services.answer import Answer
from bot.services.api_keys import FindMerchant
from bot.services.attach_file import AttachFile
from bot.services.call_webhook import CallWebhook
from bot.services.change_as_agent import ChangeAsAgent
from bot.services.decide_request import DecideRequest
from bot.services.deliver import Deliver
from bot.services.erase_person import ErasePerson
from bot.services.export_person import ExportPerson
from bot.services.fall_back import FallBack
from bot.services.fetch_media import FetchMedia
from bot.services.find_chat import FindChat
from bot.services.flows import AdvanceFlow
from bot.services.follow_vehicles import FollowVehicles
from bot.services.forget_media import ForgetMedia
from bot.services.hand_back import HandBack
from bot.services.import_points import ImportPoints
from bot.services.import_shipments import ImportShipments
from bot.services.links import Links
from bot.services.manage_people import ManagePeople
from bot.services.merge_contacts import MergeContacts
from bot.services.mind_desk import MindDesk
from bot.services.move_runs import MoveRuns
from bot.services.one_time_codes import Digits, OneTimeCodes
from bot.services.own_estimates import RefreshEstimates
from bot.services.poll_carriers import PollCarriers
from bot.services.ports import Engine, Hooks, Languages, MediaStore, Units, Wording
from bot.services.prepare_reply import PrepareReply
from bot.services.publish_desk import PublishDesk
from bot.services.publish_flow import PublishFlow
from bot.services.publish_policy import PublishPolicy
from bot.services.reach import Reach
from bot.services.receive import Receive
from bot.services.record_carrier_events import RecordCarrierEvents
from bot.services.record_event import RecordEvents
from bot.services.record_shipment import RecordShipment
from bot.services.redo import Redo
from bot.services.replay_flow import ReplayFlow
from bot.services.reply_as_agent import ReplyAsAgent, TakeBackReply
from bot.services.run_macro import RunMacro
from bot.services.run_schedules import RunSchedules
from bot.services.save_views import SaveViews
from bot.services.seed_demo import SeedDemo
from bot.services.send_notice import SendNotice
from bot.services.send_proof import SendProof
from bot.services.set_skills import SetSkills
from bot.services.shaping import Shaping
from bot.services.sign_in import SignIn
from bot.services.store_macros import StoreMacros
from bot.services.store_replies import StoreReplies
from bot.services.sync_templates import SyncTemplates
from bot.services.take_over import TakeOver
from bot.services.tell_carrier import TellCarrier
from bot.services.templating import Templating
from bot.services.two_factor import TwoFactor
from bot.services.work_case import WorkCase


@dataclass(frozen=True)
class Services:
    """The use cases of one process; each is made when it is first asked for."""

    units: Units
    clock: Clock
    links: Links
    digits: Digits
    channels: Mapping[str, Channel]
    carriers: Mapping[str, Carrier]
    engine: Engine
    languages: Languages
    wording: Wording
    flows: Sequence[Mapping[str, Any]]
    """The flow documents that come with Doorstep."""
    templates: Mapping[str, Mapped]
    """The templates that stand for our sentences, where a merchant has not said otherwise."""
    answer_pause: timedelta
    store: MediaStore
    media_limit: int
    media_kept: timedelta
    hooks: Hooks

    @cached_property
    def receive(self) -> Receive:
        return Receive(self.units, self.clock, self.links, self.channels, self.store)

    @cached_property
    def find_merchant(self) -> FindMerchant:
        return FindMerchant(self.units)

    @cached_property
    def find_chat(self) -> FindChat:
        return FindChat(self.units)

    @cached_property
    def follow_vehicles(self) -> FollowVehicles:
        return FollowVehicles(self.units, self.clock)

    @cached_property
    def refresh_estimates(self) -> RefreshEstimates:
        return RefreshEstimates(self.units, self.clock)

    @cached_property
    def poll_carriers(self) -> PollCarriers:
        return PollCarriers(
            self.units,
            self.clock,
            self.carriers,
            self.record_carrier_events,
            self.follow_vehicles,
        )

    @cached_property
    def publish_flow(self) -> PublishFlow:
        return PublishFlow(self.units, self.clock)

    @cached_property
    def move_runs(self) -> MoveRuns:
        return MoveRuns(self.units, self.clock)

    @cached_property
    def publish_desk(self) -> PublishDesk:
        return PublishDesk(self.units, self.clock)

    @cached_property
    def decide_request(self) -> DecideRequest:
        return DecideRequest(self.units, self.clock)

    @cached_property
    def mind_desk(self) -> MindDesk:
        return MindDesk(self.units, self.clock)

    @cached_property
    def work_case(self) -> WorkCase:
        return WorkCase(self.units, self.clock)

    @cached_property
    def change_as_agent(self) -> ChangeAsAgent:
        return ChangeAsAgent(self.units, self.clock)

    @cached_property
    def prepare_reply(self) -> PrepareReply:
        return PrepareReply(self.units, self.clock, self.wording, self.links)

    @cached_property
    def run_macro(self) -> RunMacro:
        return RunMacro(self.units, self.clock, self.prepare_reply)

    @cached_property
    def attach_file(self) -> AttachFile:
        return AttachFile(self.units, self.clock, self.store, self.media_limit)

    @cached_property
    def set_skills(self) -> SetSkills:
        return SetSkills(self.units, self.clock, self.wording)

    @cached_property
    def store_replies(self) -> StoreReplies:
        return StoreReplies(self.units, self.clock, self.wording, self.links)

    @cached_property
    def save_views(self) -> SaveViews:
        return SaveViews(self.units, self.clock)

    @cached_property
    def store_macros(self) -> StoreMacros:
        return StoreMacros(self.units, self.clock, self.wording, self.links)

    @cached_property
    def merge_contacts(self) -> MergeContacts:
        return MergeContacts(self.units, self.clock, self.channels)

    @cached_property
    def send_notice(self) -> SendNotice:
        return SendNotice(
            self.units, self.clock, self.channels, self.templating, self.wording, self.links
        )

    @cached_property
    def send_proof(self) -> SendProof:
        return SendProof(self.units, self.clock, self.links)

    @cached_property
    def take_back_reply(self) -> TakeBackReply:
        return TakeBackReply(self.units, self.clock)

    @cached_property
    def publish_policy(self) -> PublishPolicy:
        return PublishPolicy(self.units, self.clock)

    @cached_property
    def replay_flow(self) -> ReplayFlow:
        return ReplayFlow(self.units, self.wording, self.links, self.channels)

    @cached_property
    def codes(self) -> OneTimeCodes:
        return OneTimeCodes(self.reach, self.digits)

    @cached_property
    def answer(self) -> Answer:
        return Answer(
            *(self.units, self.clock, self.engine, self.languages, self.codes, self.answer_pause)
        )

    @cached_property
    def deliver(self) -> Deliver:
        return Deliver(
            self.units,
            self.clock,
            self.channels,
            Shaping(self.clock, self.wording, self.digits, self.links, self.templating, self.store),
        )

    @cached_property
    def fetch_media(self) -> FetchMedia:
        return FetchMedia(self.units, self.clock, self.channels, self.store, self.media_limit)

    @cached_property
    def forget_media(self) -> ForgetMedia:
        return ForgetMedia(self.units, self.clock, self.store, self.media_kept)

    @cached_property
    def templating(self) -> Templating:
        return Templating(self.templates)

    @cached_property
    def reach(self) -> Reach:
        return Reach(self.channels, self.templating)

    @cached_property
    def sync_templates(self) -> SyncTemplates:
        return SyncTemplates(self.units, self.clock, self.channels)

    @cached_property
    def fall_back(self) -> FallBack:
        return FallBack(self.units, self.clock, self.reach)

    @cached_property
    def redo(self) -> Redo:
        return Redo(self.units, self.clock)

    @cached_property
    def advance_flow(self) -> AdvanceFlow:
        return AdvanceFlow(self.units, self.clock, self.links, self.reach)

    @cached_property
    def run_schedules(self) -> RunSchedules:
        return RunSchedules(self.units, self.clock)

    @cached_property
    def call_webhook(self) -> CallWebhook:
        return CallWebhook(self.units, self.clock, self.hooks)

    @cached_property
    def tell_carrier(self) -> TellCarrier:
        return TellCarrier(self.units, self.clock, self.carriers)

    @cached_property
    def announce_outcome(self) -> AnnounceOutcome:
        return AnnounceOutcome(self.units, self.clock)

    @cached_property
    def seed_demo(self) -> SeedDemo:
        return SeedDemo(self.units, self.clock, self.flows)

    @cached_property
    def record_shipment(self) -> RecordShipment:
        return RecordShipment(self.units, self.clock)

    @cached_property
    def record_events(self) -> RecordEvents:
        return RecordEvents(self.units, self.clock, self.digits)

    @cached_property
    def record_carrier_events(self) -> RecordCarrierEvents:
        return RecordCarrierEvents(self.units, self.clock, self.record_events)

    @cached_property
    def import_points(self) -> ImportPoints:
        return ImportPoints(self.units, self.clock)

    @cached_property
    def import_shipments(self) -> ImportShipments:
        return ImportShipments(self.units, self.clock, self.record_shipment, self.record_events)

    @cached_property
    def sign_in(self) -> SignIn:
        return SignIn(self.units, self.clock)

    @cached_property
    def two_factor(self) -> TwoFactor:
        return TwoFactor(self.units, self.clock)

    @cached_property
    def account(self) -> Account:
        return Account(self.units, self.clock)

    @cached_property
    def manage_people(self) -> ManagePeople:
        return ManagePeople(self.units, self.clock)

    @cached_property
    def export_person(self) -> ExportPerson:
        return ExportPerson(self.units, self.clock)

    @cached_property
    def erase_person(self) -> ErasePerson:
        return ErasePerson(self.units, self.clock, self.store)

    @cached_property
    def take_over(self) -> TakeOver:
        return TakeOver(self.units, self.clock)

    @cached_property
    def hand_back(self) -> HandBack:
        return HandBack(self.units, self.clock)

    @cached_property
    def reply_as_agent(self) -> ReplyAsAgent:
        return ReplyAsAgent(self.units, self.clock)
